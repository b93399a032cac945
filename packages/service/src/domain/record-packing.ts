import { PackReader, PackWriter } from "./packing.ts";
import { BYTES_AT, CODES, COUNTERS, FILES_AT, ONES } from "./record-codes.ts";

/**
 * The packed form of the holdings. A row is the distance of its key from the one before (LEB128, as in packing.ts) and a head. An odd or
 * even head above 1 is a single change of record-codes.ts, code = head >> 1; where it is odd, files and bytes follow. Head 0 stands for
 * anything else: a bit mask of the counters that are not zero, then these.
 */

/** Writes rows, ascending by key, first key 0 or more. */
export class RecordPacker {
  readonly #writer = new PackWriter();
  #lastKey = 0;
  #lastDay = FIRST_DAY;

  /** Announces a day with exactly `rows` rows to follow. Days ascend. */
  day(day: number, rows: number): void {
    this.#writer.varint(day - this.#lastDay);
    this.#writer.varint(rows);
    this.#lastDay = day;
    this.#lastKey = 0;
  }

  /** A row of one change. Files and bytes are those that come or go with it. */
  change(key: number, code: number, files: number, bytes: number): void {
    const writer = this.#writer;
    writer.varint(key - this.#lastKey);
    this.#lastKey = key;
    if (files === 0) return writer.varint(2 * code);
    writer.varint(2 * code + 1);
    writer.varint(files);
    writer.varint(bytes);
  }

  row(key: number, counters: ArrayLike<number>, offset = 0): void {
    this.#writer.varint(key - this.#lastKey);
    this.#lastKey = key;
    this.#writer.varint(0);
    this.#writer.counters(counters, offset, COUNTERS);
  }

  take(): Uint8Array {
    this.#lastKey = 0;
    this.#lastDay = FIRST_DAY;
    return this.#writer.take();
  }
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

/** 0000-01-01 as a day number, from which the first day is counted: no publication date lies before it. */
export const FIRST_DAY = -719_528;
