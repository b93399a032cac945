import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import { FileAmounts, NO_FILES } from "./ledger-files.ts";
import { BYTES_AT, CODES, FILES_AT, MOST_ONES, ONES, RAISED } from "./record-codes.ts";

/** Fields of a booking in order: value and code in one number (`valueOf`, `codeOf`), and a reference to its files. */
export const FIELDS = 2;
export const FILES_OF = 1;

/** Fields of a booking as it was written: the day stands before them. */
const WRITTEN = FIELDS + 1;
const CODE_BITS = 32 - Math.clz32(CODES - 1);
/** Values of a breakdown must be fewer, so that value and code fit into a positive int32. */
export const MOST_VALUES = 2 ** (31 - CODE_BITS);

export function valueOf(valueAndCode: number): number {
  return valueAndCode >> CODE_BITS;
}

export function codeOf(valueAndCode: number): number {
  return valueAndCode & ((1 << CODE_BITS) - 1);
}

const ROOM = 1 << 12;
/** More than a day can have bookings; with values below `MOST_VALUES` the sum is exact. */
const SHIFT = 2 ** 27;
/** Up to so many, sorting in place is faster than any preparation. */
const FEW = 24;

/** Single changes (record-codes.ts), booked in any order and read by day and value. Its buffers are used again after `clear`. */
export class Bookings {
  count = 0;
  /** Files and bytes that come or go. */
  readonly amounts = new FileAmounts();
  /** The bookings ascending by day, then by value, `FIELDS` numbers each, once `inOrder` was called. */
  sorted = new Int32Array(0);
  #written = new Int32Array(ROOM * WRITTEN);
  #start = new Int32Array(0);
  #keys = new Float64Array(0);
  #scratch = new Int32Array(0);
  #next = new Int32Array(0);

  clear(): void {
    this.count = 0;
    this.amounts.rewind();
  }

  /** A change on the day (given by its position), and a reference to the files that come or go with it (`amounts`). */
  add(day: number, value: number, code: number, files: number): void {
    const field = this.count++ * WRITTEN;
    if (field === this.#written.length) this.#written = grownInt32(this.#written, field + WRITTEN);
    this.#written[field] = day;
    this.#written[field + 1] = (value << CODE_BITS) | code;
    this.#written[field + 2] = files;
  }

  /**
   * Orders the bookings by day and value; gives the start offsets by position of the day, valid until the next call. Values are below
   * `values`.
   */
  inOrder(days: number, values: number): Int32Array {
    const start = this.#sortByDay(days);
    if (values === 1) return start;
    for (let position = 0; position < days; position++) {
      const from = start[position] ?? 0;
      const to = start[position + 1] ?? 0;
      if (to - from <= FEW) this.#sortByValue(from, to);
      else if (values <= 2 * (to - from)) this.#countByValue(from, to, values);
      else this.#sortManyByValue(from, to);
    }
    return start;
  }

  /**
   * Adds a booking to the counters that begin at the offset, and to one more behind them that is not read. Gives the bits of the counters
   * that it raises.
   */
  applyTo(counters: Float64Array, offset: number, at: number): number {
    const code = codeOf(this.sorted[at * FIELDS] ?? 0);
    const raised = code * MOST_ONES;
    const a = offset + (RAISED[raised] ?? 0);
    const b = offset + (RAISED[raised + 1] ?? 0);
    const c = offset + (RAISED[raised + 2] ?? 0);
    counters[a] = (counters[a] ?? 0) + 1;
    counters[b] = (counters[b] ?? 0) + 1;
    counters[c] = (counters[c] ?? 0) + 1;
    const files = this.sorted[at * FIELDS + FILES_OF] ?? NO_FILES;
    const ones = ONES[code] ?? 0;
    if (files === NO_FILES) return ones;
    const { pairs } = this.amounts;
    const bytes = pairs[2 * files + 1] ?? 0;
    const filesAt = FILES_AT[code] ?? 0;
    const bytesAt = BYTES_AT[code] ?? 0;
    counters[offset + filesAt] = (counters[offset + filesAt] ?? 0) + (pairs[2 * files] ?? 0);
    counters[offset + bytesAt] = (counters[offset + bytesAt] ?? 0) + bytes;
    return ones | (1 << filesAt) | (bytes === 0 ? 0 : 1 << bytesAt);
  }

  /** Counting sort. */
  #sortByDay(days: number): Int32Array {
    const { count } = this;
    const written = this.#written;
    // Two more than days: while the sort goes on, the next free place of a day is kept one further.
    this.#start = grownInt32(this.#start, days + 2);
    if (this.sorted.length < count * FIELDS) this.sorted = new Int32Array(Math.ceil(count * 1.2) * FIELDS);
    const { sorted } = this;
    const start = this.#start.fill(0, 0, days + 2);
    for (let field = 0; field < count * WRITTEN; field += WRITTEN) {
      const next = (written[field] ?? 0) + 2;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let at = 2; at <= days; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
    for (let field = 0; field < count * WRITTEN; field += WRITTEN) {
      const next = (written[field] ?? 0) + 1;
      const position = start[next] ?? 0;
      start[next] = position + 1;
      sorted[position * FIELDS] = written[field + 1] ?? 0;
      sorted[position * FIELDS + FILES_OF] = written[field + 2] ?? 0;
    }
    return start;
  }

  /** Codes are sorted along with the values; nobody sees. */
  #sortByValue(from: number, to: number): void {
    const { sorted } = this;
    const first = from * FIELDS;
    for (let index = first + FIELDS; index < to * FIELDS; index += FIELDS) {
      const key = sorted[index] ?? 0;
      const files = sorted[index + FILES_OF] ?? 0;
      let free = index;
      for (; free > first; free -= FIELDS) {
        const before = sorted[free - FIELDS] ?? 0;
        if (before <= key) break;
        sorted[free] = before;
        sorted[free + FILES_OF] = sorted[free - FIELDS + FILES_OF] ?? 0;
      }
      sorted[free] = key;
      sorted[free + FILES_OF] = files;
    }
  }

  /** Counting sort, for few values. */
  #countByValue(from: number, to: number, values: number): void {
    const { sorted } = this;
    const bookings = this.#copied(from, to);
    this.#next = grownInt32(this.#next, values + 1);
    const next = this.#next.fill(0, 0, values + 1);
    for (let index = 0; index < bookings.length; index += FIELDS) {
      const value = valueOf(bookings[index] ?? 0) + 1;
      next[value] = (next[value] ?? 0) + 1;
    }
    for (let value = 1; value < values; value++) next[value] = (next[value] ?? 0) + (next[value - 1] ?? 0);
    for (let index = 0; index < bookings.length; index += FIELDS) {
      const value = valueOf(bookings[index] ?? 0);
      const position = next[value] ?? 0;
      next[value] = position + 1;
      sorted[(from + position) * FIELDS] = bookings[index] ?? 0;
      sorted[(from + position) * FIELDS + FILES_OF] = bookings[index + FILES_OF] ?? 0;
    }
  }

  /** Plain numbers are what engines sort fastest: value and number of the booking in one. */
  #sortManyByValue(from: number, to: number): void {
    const { sorted } = this;
    const length = to - from;
    this.#keys = grownFloat64(this.#keys, length);
    const keys = this.#keys.subarray(0, length);
    const bookings = this.#copied(from, to);
    for (let index = 0; index < length; index++) keys[index] = valueOf(bookings[index * FIELDS] ?? 0) * SHIFT + index;
    keys.sort();
    for (let index = 0; index < length; index++) {
      const key = keys[index] ?? 0;
      const field = (key - Math.floor(key / SHIFT) * SHIFT) * FIELDS;
      sorted[(from + index) * FIELDS] = bookings[field] ?? 0;
      sorted[(from + index) * FIELDS + FILES_OF] = bookings[field + FILES_OF] ?? 0;
    }
  }

  #copied(from: number, to: number): Int32Array {
    const length = (to - from) * FIELDS;
    this.#scratch = grownInt32(this.#scratch, length);
    this.#scratch.set(this.sorted.subarray(from * FIELDS, to * FIELDS));
    return this.#scratch.subarray(0, length);
  }
}
