/** Runs a step that takes a while and says on stderr that it runs and how long it took. */
export async function step(title, work) {
  const begun = Date.now();
  process.stderr.write(`${title} … `);
  try {
    const result = await work();
    process.stderr.write(`done in ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write("failed\n");
    throw error;
  }
}
