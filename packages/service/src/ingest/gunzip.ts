import { once } from "node:events";
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
  const failed = new Promise<Error>((resolve) => gunzip.once("error", resolve));
  try {
    for await (const chunk of chunks) {
      const error = await Promise.race([write(gunzip, chunk), failed]);
      yield* ready;
      ready = [];
      if (error !== null) {
        outcome.damage = error.message;
        return;
      }
    }
    const error = await Promise.race([finish(gunzip), failed]);
    yield* ready;
    if (error !== null) outcome.damage = error.message;
  } finally {
    gunzip.destroy();
  }
}

/** Resolves when the chunk is unpacked and its output was emitted. */
function write(gunzip: Gunzip, chunk: Uint8Array): Promise<Error | null> {
  return new Promise((resolve) => {
    gunzip.write(chunk, (error) => resolve(error ?? null));
  });
}

async function finish(gunzip: Gunzip): Promise<null> {
  const ended = once(gunzip, "end").catch(() => undefined);
  gunzip.end();
  await ended;
  return null;
}
