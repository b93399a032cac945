import type { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { finished } from "node:stream/promises";
import { BLOCK_BYTES, ByteBlock, type ByteBlocks } from "./byte-block.ts";

/** Writes texts in blocks, waits where the reader is slower, and ends the stream. @throws what the stream fails with. */
export async function writeTexts(texts: Iterable<string>, out: Writable): Promise<void> {
  for await (const block of inTurns(texts)) await writeTo(out, block);
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
 * The blocks one after the other, with a turn for everybody else between two: a stream that never waits for its reader would otherwise keep
 * the whole server, and never see that its reader has gone.
 */
export async function* inTurns(texts: Iterable<string>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for (const block of inBlocks(texts)) {
    if (!isFirst) await nextTurn();
    isFirst = false;
    yield block;
  }
}

/**
 * Texts as bytes in blocks: each write costs more than a copy. Every text is copied at once and can be forgotten; joined as texts, thousands
 * of them would outlive their time and double the memory.
 */
function* inBlocks(texts: Iterable<string>): Generator<Buffer> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let used = 0;
  for (const text of texts) {
    if (used + text.length * UTF8_MOST > BLOCK_BYTES && used > 0) {
      yield block.subarray(0, used);
      block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      used = 0;
    }
    if (text.length * UTF8_MOST > BLOCK_BYTES) yield Buffer.from(text);
    else used += block.write(text, used);
  }
  if (used > 0) yield block.subarray(0, used);
}

/** Bytes of one UTF-16 unit, at most. */
const UTF8_MOST = 3;

/** Texts as bytes in two blocks of memory that take turns. */
export class TextBlocks implements ByteBlocks {
  readonly #texts: Iterator<string>;
  readonly #blocks = [new ByteBlock(), new ByteBlock()] as const;
  #turn: 0 | 1 = 0;
  #held: string | null = null;

  constructor(texts: Iterable<string>) {
    this.#texts = texts[Symbol.iterator]();
  }

  next(): Buffer | null {
    const block = this.#blocks[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    block.clear();
    for (let text = this.#take(); text !== null; text = this.#take()) {
      if (text.length * UTF8_MOST <= block.room) block.text(text);
      else if (block.room === BLOCK_BYTES) return Buffer.from(text);
      else {
        this.#held = text;
        break;
      }
    }
    return block.room === BLOCK_BYTES ? null : block.bytes;
  }

  #take(): string | null {
    const held = this.#held;
    this.#held = null;
    if (held !== null) return held;
    const next = this.#texts.next();
    return next.done === true ? null : next.value;
  }
}
