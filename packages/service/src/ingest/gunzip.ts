import { createGunzip, type Gunzip } from "node:zlib";

/** How the compressed data ended. */
export interface GunzipOutcome {
  /** Null where all of it could be read. */
  damage: string | null;
}

const OUTPUT_BYTES = 256 << 10;

/**
 * Unpacks a stream of gzip members, one after the other. Data that end early or are damaged give all that comes before; `outcome` then says
 * what is wrong, and nothing is thrown.
 */
export async function* gunzipChunks(
  chunks: AsyncIterable<Uint8Array>,
  outcome: GunzipOutcome,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  let ready: Uint8Array[] = [];
  gunzip.on("data", (data: Uint8Array) => ready.push(data));
  const over = new Promise<GunzipOutcome>((resolve) => {
    gunzip.once("error", ({ message }) => resolve({ damage: message }));
    gunzip.once("end", () => resolve({ damage: null }));
  });
  try {
    for await (const chunk of chunks) {
      const ended = await Promise.race([write(gunzip, chunk), over]);
      yield* ready;
      ready = [];
      // Ended before its input: what follows the last member is padding.
      if (ended !== null) {
        outcome.damage = ended.damage;
        return;
      }
    }
    gunzip.end();
    outcome.damage = (await over).damage;
    yield* ready;
  } finally {
    gunzip.destroy();
  }
}

/** Resolves when the chunk is unpacked and its output was emitted. An error comes by its own event. */
function write(gunzip: Gunzip, chunk: Uint8Array): Promise<null> {
  return new Promise((resolve) => {
    gunzip.write(chunk, (error) => {
      if (!error) resolve(null);
    });
  });
}
