import { createGunzip, type Gunzip } from "node:zlib";

/** How the compressed data ended. */
export interface GunzipOutcome {
  /** Null where all of it could be read. */
  damage: string | null;
}

/** Of one chunk: as much as a block of lines, which is then made of it without copying. */
const OUTPUT_BYTES = 2 << 20;

/**
 * Unpacks a stream of gzip members, one after the other. Data that end early or are damaged give all that comes before; `outcome` then says
 * what is wrong, and nothing is thrown.
 */
export async function* gunzipChunks(
  chunks: AsyncIterable<Uint8Array>,
  outcome: GunzipOutcome,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  const output = new Output();
  gunzip.on("data", (data: Uint8Array) => output.add(data));
  const over = new Promise<GunzipOutcome>((resolve) => {
    gunzip.once("error", ({ message }) => resolve({ damage: message }));
    gunzip.once("end", () => resolve({ damage: null }));
  });
  try {
    for await (const chunk of chunks) {
      const ended = await Promise.race([write(gunzip, chunk), over]);
      yield* output.full();
      // Ended before its input: what follows the last member is padding.
      if (ended !== null) {
        outcome.damage = ended.damage;
        yield* output.rest();
        return;
      }
    }
    gunzip.end();
    outcome.damage = (await over).damage;
    yield* output.rest();
  } finally {
    gunzip.destroy();
  }
}

/** zlib fills one buffer after the other and tells of each piece that it filled: they are put together again, so that whoever takes a full buffer has it for itself. */
class Output {
  #ready: Uint8Array[] = [];
  #last: Uint8Array = new Uint8Array(0);

  add(piece: Uint8Array): void {
    const { buffer, byteOffset, length } = this.#last;
    if (piece.buffer === buffer && piece.byteOffset === byteOffset + length) {
      this.#last = new Uint8Array(buffer, byteOffset, length + piece.length);
    } else {
      this.#end();
      this.#last = piece;
    }
    if (this.#last.byteOffset + this.#last.length === this.#last.buffer.byteLength) this.#end();
  }

  *full(): Generator<Uint8Array> {
    const ready = this.#ready;
    this.#ready = [];
    yield* ready;
  }

  *rest(): Generator<Uint8Array> {
    this.#end();
    yield* this.full();
  }

  #end(): void {
    if (this.#last.length > 0) this.#ready.push(this.#last);
    this.#last = new Uint8Array(0);
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
