import { PackReader } from "./packing.ts";
import { BYTES_AT, CODES, COUNTERS, FILES_AT, ONES } from "./record-codes.ts";

/**
 * The packed form of the holdings. A row is the distance of its key from the one before (LEB128, as in packing.ts) and a head. An odd or
 * even head above 1 is a single change of record-codes.ts, code = head >> 1; where it is odd, files and bytes follow. Head 0 stands for
 * anything else: a bit mask of the counters that are not zero, then these.
 */

/** 0000-01-01 as a day number, from which the first day is counted: no publication date lies before it. */
export const FIRST_DAY = -719_528;

/** Part of what a packer has written. */
export interface PackedSpan {
  readonly from: number;
  readonly to: number;
}

/** Most bytes of a number. */
const VARINT = 8;

/** Writes blobs of rows one behind the other, rows ascending by key, first key 0 or more. Millions of rows pass here. */
export class RecordPacker {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #start = 0;
  #lastKey = 0;
  #lastDay = FIRST_DAY;

  /** Announces a day with exactly `rows` rows to follow. Days ascend. */
  day(day: number, rows: number): void {
    this.#makeRoom(2 * VARINT);
    this.#length = writeVarint(this.#bytes, this.#length, day - this.#lastDay);
    this.#length = writeVarint(this.#bytes, this.#length, rows);
    this.#lastDay = day;
    this.#lastKey = 0;
  }

  /** A row of one change. Files and bytes are those that come or go with it. */
  change(key: number, code: number, files: number, bytes: number): void {
    this.#makeRoom(4 * VARINT);
    const into = this.#bytes;
    let at = writeVarint(into, this.#length, key - this.#lastKey);
    this.#lastKey = key;
    if (files === 0) into[at++] = 2 * code;
    else {
      into[at++] = 2 * code + 1;
      at = writeVarint(into, at, files);
      at = writeVarint(into, at, bytes);
    }
    this.#length = at;
  }

  /** A row of the counters that the bits name, which no zero may be among. Leaves zeros in their places. */
  sum(key: number, mask: number, counters: Float64Array): void {
    this.#makeRoom((COUNTERS + 3) * VARINT);
    const into = this.#bytes;
    let at = writeVarint(into, this.#length, key - this.#lastKey);
    this.#lastKey = key;
    into[at++] = 0;
    at = writeVarint(into, at, mask);
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const index = 31 - Math.clz32(rest & -rest);
      at = writeVarint(into, at, counters[index] ?? 0);
      counters[index] = 0;
    }
    this.#length = at;
  }

  row(key: number, counters: ArrayLike<number>, offset = 0): void {
    this.#makeRoom((COUNTERS + 3) * VARINT);
    const into = this.#bytes;
    let at = writeVarint(into, this.#length, key - this.#lastKey);
    this.#lastKey = key;
    into[at++] = 0;
    let mask = 0;
    for (let index = 0; index < COUNTERS; index++) if (counters[offset + index] !== 0) mask |= 1 << index;
    at = writeVarint(into, at, mask);
    for (; mask !== 0; mask &= mask - 1)
      at = writeVarint(into, at, counters[offset + 31 - Math.clz32(mask & -mask)] ?? 0);
    this.#length = at;
  }

  /** Ends a blob; gives where it is in what `take` will give. */
  cut(): PackedSpan {
    const span = { from: this.#start, to: this.#length };
    this.#start = this.#length;
    this.#lastKey = 0;
    this.#lastDay = FIRST_DAY;
    return span;
  }

  /** All blobs; starts anew. */
  take(): Uint8Array {
    this.cut();
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#start = 0;
    return bytes;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Gives the position behind the number. */
function writeVarint(into: Uint8Array, position: number, value: number): number {
  if (value < 0x80) {
    into[position] = value;
    return position + 1;
  }
  let at = position;
  let rest = value;
  for (; rest >= 0x8000_0000; rest = Math.floor(rest / 0x80)) into[at++] = (rest % 0x80) | 0x80;
  for (; rest >= 0x80; rest >>>= 7) into[at++] = (rest & 0x7f) | 0x80;
  into[at++] = rest;
  return at;
}

/** `counters` is reused between rows; copy what is kept. */
export type RecordVisitor = (key: number, counters: Float64Array) => void;

/** Visits a blob of one sequence of rows (a checkpoint). */
export function unpackRecordRows(data: Uint8Array, visit: RecordVisitor): void {
  const reader = new PackReader(data);
  const counters = new Float64Array(COUNTERS);
  for (let key = 0; !reader.done;) {
    key += reader.varint();
    readRow(reader, counters);
    visit(key, counters);
  }
}

/** Visits a blob of days (one year). */
export function unpackRecordDays(
  data: Uint8Array,
  visit: (day: number, key: number, counters: Float64Array) => void,
): void {
  const reader = new PackReader(data);
  const counters = new Float64Array(COUNTERS);
  for (let day = FIRST_DAY; !reader.done;) {
    day += reader.varint();
    const rows = reader.varint();
    for (let row = 0, key = 0; row < rows; row++) {
      key += reader.varint();
      readRow(reader, counters);
      visit(day, key, counters);
    }
  }
}

function readRow(reader: PackReader, counters: Float64Array): void {
  const head = reader.varint();
  const code = head >> 1;
  if (code >= CODES) throw new RangeError(`packed row has the head ${head}; known are 0 to ${2 * CODES - 1}`);
  const isListed = head === 0;
  const mask = isListed ? reader.varint() : (ONES[code] ?? 0);
  for (let index = 0; index < COUNTERS; index++) {
    const isThere = (mask & (1 << index)) !== 0;
    counters[index] = isThere ? (isListed ? reader.varint() : 1) : 0;
  }
  if ((head & 1) === 0) return;
  counters[FILES_AT[code] ?? 0] = reader.varint();
  counters[BYTES_AT[code] ?? 0] = reader.varint();
}
