import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";

const BLOCK = 1 << 16;

/** Writes texts in blocks, waits where the reader is slower, and ends the stream. @throws what the stream fails with. */
export async function writeTexts(texts: Iterable<string>, out: Writable): Promise<void> {
  for (const block of inBlocks(texts)) await writeTo(out, block);
  out.end();
  await finished(out, { readable: false });
}

/** Resolves when more may be written. @throws when the stream has failed, or its reader has gone. */
export async function writeTo(out: Writable, chunk: string | Uint8Array): Promise<void> {
  if (out.destroyed) throw out.errored ?? new GoneError();
  if (!out.write(chunk)) await drained(out);
}

/** Three listeners, taken away by the first that is called: this happens for every block. */
function drained(out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      out.off("drain", settle).off("close", settle).off("error", settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    out.on("drain", settle).on("close", settle).on("error", settle);
  });
}

/** Nobody reads the stream any longer. */
class GoneError extends Error {
  constructor() {
    super("the reader has gone");
  }
}

/**
 * Texts as bytes in blocks: each write costs more than a copy. Every text is copied at once and can be forgotten; joined as texts, thousands
 * of them would outlive their time and double the memory.
 */
export function* inBlocks(texts: Iterable<string>): Generator<Buffer> {
  let block = Buffer.allocUnsafeSlow(BLOCK);
  let used = 0;
  for (const text of texts) {
    if (used + text.length * UTF8_MOST > BLOCK && used > 0) {
      yield block.subarray(0, used);
      block = Buffer.allocUnsafeSlow(BLOCK);
      used = 0;
    }
    if (text.length * UTF8_MOST > BLOCK) yield Buffer.from(text);
    else used += block.write(text, used);
  }
  if (used > 0) yield block.subarray(0, used);
}

/** Bytes of one UTF-16 unit, at most. */
const UTF8_MOST = 3;
