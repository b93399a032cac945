/**
 * The packed form of usage rollups (holdings: record-packing.ts). A row is a key and its counters: the key's distance from the one before, a bit mask of the counters
 * that are not zero, then those counters, all as LEB128 varints (little endian, seven bits a byte). Counters are whole numbers from 0 to 2^53.
 */

/** Grows as needed; `take` copies the bytes written so far and starts anew. */
export class PackWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  varint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let rest = value;
    while (rest >= 0x80) {
      bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    bytes[this.#length++] = rest;
  }

  /** The bit mask of the counters that are not zero, then these. Millions of rows pass here: the numbers are written in place. */
  counters(counters: ArrayLike<number>, offset: number, width: number): void {
    let mask = 0;
    for (let index = 0; index < width; index++) if (counters[offset + index] !== 0) mask |= 1 << index;
    this.varint(mask);
    if (this.#length + 8 * width > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let length = this.#length;
    for (; mask !== 0; mask &= mask - 1) {
      let rest = counters[offset + 31 - Math.clz32(mask & -mask)] ?? 0;
      while (rest >= 0x80) {
        bytes[length++] = (rest % 0x80) | 0x80;
        rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
      }
      bytes[length++] = rest;
    }
    this.#length = length;
  }

  take(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return copy;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Reads varints from a blob. Throws `RangeError` past the end: a cut blob is never taken for a short one. */
export class PackReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  varint(): number {
    const bytes = this.#bytes;
    let factor = 1;
    let value = 0;
    for (;;) {
      const byte = bytes[this.#position++];
      if (byte === undefined) throw new RangeError(`packed blob of ${bytes.length} bytes ends inside a number`);
      if (byte < 0x80) return value + byte * factor;
      value += (byte - 0x80) * factor;
      factor *= 0x80;
    }
  }
}

/** One row: `counters` is reused between rows; copy what is kept. */
export type RowVisitor = (key: number, counters: Float64Array) => void;

/** Rows must come in ascending order of key, first key 0 or more. `read(index)` gives a counter. */
export class RowPacker {
  readonly writer: PackWriter;
  readonly #width: number;
  #last = 0;

  constructor(width: number, writer = new PackWriter()) {
    this.#width = width;
    this.writer = writer;
  }

  row(key: number, counters: ArrayLike<number>, offset = 0): void {
    this.writer.varint(key - this.#last);
    this.#last = key;
    this.writer.counters(counters, offset, this.#width);
  }

  /** Starts a new sequence of keys in the same blob. */
  restart(): void {
    this.#last = 0;
  }

  take(): Uint8Array {
    this.restart();
    return this.writer.take();
  }
}

/** Visits the rows of a blob that holds one sequence (a day of usage, a checkpoint of it). */
export function unpackRows(data: Uint8Array, width: number, visit: RowVisitor): void {
  const reader = new PackReader(data);
  const counters = new Float64Array(width);
  let key = 0;
  while (!reader.done) {
    key += reader.varint();
    readCounters(reader, width, counters);
    visit(key, counters);
  }
}

/**
 * Use per record of one day: rows ascend by record, then by scope set. The scope set (rollup term "scopeSet": JSON array of scope codes
 * without the global one) says in which communities this use counted.
 */
export class RecordUsePacker {
  readonly #writer = new PackWriter();
  readonly #width: number;
  #last = 0;

  constructor(width: number) {
    this.#width = width;
  }

  row(record: number, scopeSet: number, counters: ArrayLike<number>, offset = 0): void {
    this.#writer.varint(record - this.#last);
    this.#last = record;
    this.#writer.varint(scopeSet);
    // Each row is a sequence of its own: its key is 0.
    this.#writer.varint(0);
    this.#writer.counters(counters, offset, this.#width);
  }

  take(): Uint8Array {
    this.#last = 0;
    return this.#writer.take();
  }
}

export function unpackRecordUse(
  data: Uint8Array,
  width: number,
  visit: (record: number, scopeSet: number, counters: Float64Array) => void,
): void {
  const reader = new PackReader(data);
  const counters = new Float64Array(width);
  let record = 0;
  while (!reader.done) {
    record += reader.varint();
    const scopeSet = reader.varint();
    reader.varint();
    readCounters(reader, width, counters);
    visit(record, scopeSet, counters);
  }
}

function readCounters(reader: PackReader, width: number, into: Float64Array): void {
  const mask = reader.varint();
  for (let index = 0; index < width; index++) into[index] = (mask & (1 << index)) === 0 ? 0 : reader.varint();
}
