import { Buffer, isAscii, isUtf8 } from "node:buffer";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Some whole lines of an input. */
export interface LineBlock {
  /** Its own memory, so that it can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The last line has no line end: the input is over. */
  readonly open: boolean;
  /** Lines before these that were too long to keep. */
  readonly tooLong: number;
}

export interface BlockSizes {
  readonly blockBytes: number;
  /** Longer lines are left out. */
  readonly lineBytes: number;
}
export const BLOCK_SIZES: BlockSizes = { blockBytes: 2 << 20, lineBytes: 64 << 20 };

/** Cuts a stream into blocks of whole lines of about the size asked for. A byte order mark at the very start is dropped. */
export async function* lineBlocks(
  chunks: AsyncIterable<Uint8Array>,
  sizes: BlockSizes = BLOCK_SIZES,
): AsyncGenerator<LineBlock> {
  const cutter = new LineCutter(sizes);
  for await (const chunk of chunks) yield* cutter.take(chunk);
  yield* cutter.finish();
}

class LineCutter {
  readonly #sizes: BlockSizes;
  /** Bytes not yet given out; whole lines and perhaps the start of one. */
  #buffer: Uint8Array<ArrayBuffer>;
  #filled = 0;
  /** Position after the last line end in the buffer. */
  #whole = 0;
  #tooLong = 0;
  /** Inside a line that is being left out. */
  #skipping = false;
  #started = false;

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes;
    this.#buffer = new Uint8Array(0);
  }

  *take(chunk: Uint8Array): Generator<LineBlock> {
    let rest = this.#started ? chunk : withoutMark(chunk);
    this.#started = true;
    if (this.#isBlock(rest)) return yield* this.#pass(rest);
    if (this.#buffer.length < this.#sizes.blockBytes) this.#enlarge(this.#sizes.blockBytes);
    while (rest.length > 0) {
      if (this.#skipping) rest = this.#skip(rest);
      else {
        const part = rest.subarray(0, this.#buffer.length - this.#filled);
        this.#add(part);
        rest = rest.subarray(part.length);
        if (this.#filled === this.#buffer.length) yield* this.#full();
      }
    }
  }

  /** As large as a block, of memory of its own, and no line in it can be too long. */
  #isBlock(chunk: Uint8Array): chunk is Uint8Array<ArrayBuffer> {
    const { buffer, length } = chunk;
    const { blockBytes, lineBytes } = this.#sizes;
    if (length !== blockBytes || length !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return false;
    return !this.#skipping && this.#filled + length < lineBytes && chunk.includes(NEWLINE);
  }

  /** Without copying: the line that ends in the chunk, then its whole lines; the line that begins at its end is kept. */
  *#pass(chunk: Uint8Array<ArrayBuffer>): Generator<LineBlock> {
    const [from, to] = [this.#filled === 0 ? 0 : chunk.indexOf(NEWLINE) + 1, chunk.lastIndexOf(NEWLINE) + 1];
    const begun = this.#buffer.subarray(0, this.#filled);
    this.#buffer = chunk.slice(to);
    this.#filled = this.#buffer.length;
    this.#whole = 0;
    // What is given out can be handed to another thread at once, and is gone then.
    const ended = from === 0 ? null : joined(begun, chunk.subarray(0, from));
    if (ended !== null) yield { bytes: ended, open: false, tooLong: this.#takeTooLong() };
    if (to > from) yield { bytes: chunk.subarray(from, to), open: false, tooLong: this.#takeTooLong() };
  }

  #takeTooLong(): number {
    const tooLong = this.#tooLong;
    this.#tooLong = 0;
    return tooLong;
  }

  *finish(): Generator<LineBlock> {
    if (this.#skipping) this.#endSkipping();
    if (this.#filled > 0 || this.#tooLong > 0) yield this.#cut(this.#filled, this.#whole < this.#filled);
  }

  #add(part: Uint8Array): void {
    this.#buffer.set(part, this.#filled);
    const end = part.lastIndexOf(NEWLINE);
    if (end !== -1) this.#whole = this.#filled + end + 1;
    this.#filled += part.length;
  }

  *#full(): Generator<LineBlock> {
    if (this.#whole > 0) yield this.#cut(this.#whole, false);
    else if (this.#filled >= this.#sizes.lineBytes) this.#startSkipping();
    else this.#grow();
  }

  #grow(): void {
    this.#enlarge(Math.min(2 * this.#buffer.length, this.#sizes.lineBytes));
  }

  #enlarge(length: number): void {
    const larger = room(length);
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }

  /** Gives out the first `length` bytes and keeps the rest. */
  #cut(length: number, open: boolean): LineBlock {
    const bytes = this.#buffer.subarray(0, length);
    const block = { bytes, open, tooLong: this.#takeTooLong() };
    const rest = this.#buffer.subarray(length, this.#filled);
    this.#buffer = room(Math.max(this.#sizes.blockBytes, rest.length + 1));
    this.#buffer.set(rest);
    this.#filled = rest.length;
    this.#whole = 0;
    return block;
  }

  #startSkipping(): void {
    this.#skipping = true;
    this.#filled = 0;
    this.#buffer = room(this.#sizes.blockBytes);
  }

  #skip(chunk: Uint8Array): Uint8Array {
    const end = chunk.indexOf(NEWLINE);
    if (end === -1) return chunk.subarray(chunk.length);
    this.#endSkipping();
    return chunk.subarray(end + 1);
  }

  #endSkipping(): void {
    this.#skipping = false;
    this.#tooLong++;
  }
}

function joined(start: Uint8Array, end: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = room(start.length + end.length);
  whole.set(start);
  whole.set(end, start.length);
  return whole;
}

/** Memory of its own that is not zeroed: small inputs use little of it, large ones fill it. */
function room(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function withoutMark(chunk: Uint8Array): Uint8Array {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
}

/** A last line without line end counts too. */
export function countLines(bytes: Uint8Array): number {
  let count = bytes.length > 0 && bytes.at(-1) !== NEWLINE ? 1 : 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** A line as bytes, without its line end. Lines of a block are numbered from 1. */
export interface RawLine {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** All lines of a block that are not blank. */
export function* linesOf(block: LineBlock): Generator<RawLine> {
  const { bytes } = block;
  let number = 1;
  for (let start = 0; start < bytes.length; number++) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, bytes[end - 1] === CARRIAGE_RETURN && end > start ? end - 1 : end);
    if (!isBlank(line, 0, line.length)) yield { number, bytes: line };
    start = end + 1;
  }
}

/**
 * Goes over the lines of a block. `take` is given where a line begins and says where it ends, or -1; such a line, unless it is blank, is given to
 * `other` as a text. The number of lines, blank ones included.
 */
export function forEachLineStart(
  { bytes }: LineBlock,
  take: (from: number) => number,
  other: (text: string, number: number) => void,
): number {
  let number = 1;
  for (let start = 0; start < bytes.length; number++) {
    const taken = take(start);
    const found = taken === -1 ? bytes.indexOf(NEWLINE, start) : taken;
    const end = found === -1 ? bytes.length : found;
    if (taken === -1 && !isBlank(bytes, start, end)) other(textOf(bytes.subarray(start, end)), number);
    start = end + 1;
  }
  return number - 1;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === CARRIAGE_RETURN)) at++;
  return at === to;
}

/** Calls `use` with every line that is not blank; its text is null where the bytes are no UTF-8. The number of lines, blank ones included. */
export function forEachLine(block: LineBlock, use: (text: string | null, number: number) => void): number {
  const { bytes } = block;
  if (isUtf8(bytes)) return forEachTextLine(block, use);
  for (const line of linesOf(block)) use(isUtf8(line.bytes) ? textOf(line.bytes) : null, line.number);
  return countLines(bytes);
}

/** One decoding for the whole block: four times as fast as one for each line. */
function forEachTextLine(block: LineBlock, use: (text: string, number: number) => void): number {
  const text = textOf(block.bytes);
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end);
    if (!isBlankText(line)) use(line, number);
    start = end + 1;
  }
  return number - 1;
}

export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isAscii(buffer) ? buffer.toString("latin1") : buffer.toString("utf8");
}

const BLANK = /^[ \t\r]*$/;

function isBlankText(line: string): boolean {
  const first = line.charCodeAt(0);
  return !(first > 32) && BLANK.test(line);
}
