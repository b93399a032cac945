/**
 * Does pieces of work and hands out their results in the order of the pieces.
 * @param most how many are begun before their turn has come.
 */
export async function* readAhead<T>(pieces: Iterable<() => Promise<T>>, most: number): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  try {
    for (const piece of pieces) {
      const result = piece();
      // Whoever awaits it meets its failure.
      result.catch(() => undefined);
      begun.push(result);
      const due = begun.length > most ? begun.shift() : undefined;
      if (due !== undefined) yield await due;
    }
    for (let due = begun.shift(); due !== undefined; due = begun.shift()) yield await due;
  } finally {
    // Nothing goes on behind the back of who stops reading.
    await Promise.allSettled(begun);
  }
}
