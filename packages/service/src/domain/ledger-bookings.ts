import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import { BYTES_AT, FILES_AT, MOST_ONES, RAISED } from "./record-codes.ts";

/** Fields of a booking that stand together, as they are read in another order than written: day, value, code, files. */
export const FIELDS = 4;
export const VALUE = 1;
export const CODE = 2;
export const FILES_OF = 3;

const ROOM = 1 << 12;
/** More than there can be bookings of one column and scope; values up to 2^25 keep the sum exact. */
const SHIFT = 2 ** 28;
/** Up to so many, sorting in place is faster than calling the engine's sort. */
const FEW = 32;

/** Single changes (record-codes.ts), booked in any order and read by day and value. Its buffers are used again after `clear`. */
export class Bookings {
  count = 0;
  fields = new Int32Array(ROOM * FIELDS);
  bytes = new Float64Array(ROOM);
  /** Numbers of the bookings, ascending by day, then by value, once `inOrder` was called. */
  order = new Int32Array(ROOM);
  #start = new Int32Array(0);
  #keys = new Float64Array(0);

  clear(): void {
    this.count = 0;
  }

  /** A change on the day (given by its position), and the files and bytes that come or go with it. */
  add(day: number, value: number, code: number, files: number, bytes: number): void {
    if (this.count === this.order.length) this.#grow();
    const at = this.count++;
    const field = at * FIELDS;
    this.fields[field] = day;
    this.fields[field + VALUE] = value;
    this.fields[field + CODE] = code;
    this.fields[field + FILES_OF] = files;
    this.bytes[at] = bytes;
  }

  /** Orders the bookings by day and value; gives the start offsets in `order` by position of the day, valid until the next call. */
  inOrder(days: number): Int32Array {
    const start = this.#sortByDay(days);
    for (let position = 0; position < days; position++) {
      const from = start[position] ?? 0;
      const to = start[position + 1] ?? 0;
      if (to - from > FEW) this.#sortManyByValue(from, to);
      else if (to - from > 1) this.#sortByValue(from, to);
    }
    return start;
  }

  /** Adds a booking to the counters that begin at the offset, and to one more behind them that is not read. */
  applyTo(counters: Float64Array, offset: number, at: number): void {
    const field = at * FIELDS;
    const code = this.fields[field + CODE] ?? 0;
    const raised = code * MOST_ONES;
    const a = offset + (RAISED[raised] ?? 0);
    const b = offset + (RAISED[raised + 1] ?? 0);
    const c = offset + (RAISED[raised + 2] ?? 0);
    counters[a] = (counters[a] ?? 0) + 1;
    counters[b] = (counters[b] ?? 0) + 1;
    counters[c] = (counters[c] ?? 0) + 1;
    const files = this.fields[field + FILES_OF] ?? 0;
    if (files === 0) return;
    const filesAt = offset + (FILES_AT[code] ?? 0);
    const bytesAt = offset + (BYTES_AT[code] ?? 0);
    counters[filesAt] = (counters[filesAt] ?? 0) + files;
    counters[bytesAt] = (counters[bytesAt] ?? 0) + (this.bytes[at] ?? 0);
  }

  /** Counting sort. */
  #sortByDay(days: number): Int32Array {
    // Two more than days: while the sort goes on, the next free place of a day is kept one further.
    if (this.#start.length < days + 2) this.#start = new Int32Array(2 * days + 2);
    const start = this.#start.fill(0, 0, days + 2);
    const { count, fields, order } = this;
    for (let field = 0; field < count * FIELDS; field += FIELDS) {
      const next = (fields[field] ?? 0) + 2;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let at = 2; at <= days; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
    for (let at = 0; at < count; at++) {
      const next = (fields[at * FIELDS] ?? 0) + 1;
      const position = start[next] ?? 0;
      start[next] = position + 1;
      order[position] = at;
    }
    return start;
  }

  #sortByValue(from: number, to: number): void {
    const { order, fields } = this;
    for (let index = from + 1; index < to; index++) {
      const at = order[index] ?? 0;
      const key = fields[at * FIELDS + VALUE] ?? 0;
      let free = index;
      for (; free > from; free--) {
        const before = order[free - 1] ?? 0;
        if ((fields[before * FIELDS + VALUE] ?? 0) <= key) break;
        order[free] = before;
      }
      order[free] = at;
    }
  }

  /** Plain numbers are what engines sort fastest: value and number of the booking in one. */
  #sortManyByValue(from: number, to: number): void {
    const { order, fields } = this;
    const length = to - from;
    if (this.#keys.length < length) this.#keys = new Float64Array(2 * length);
    const keys = this.#keys.subarray(0, length);
    let ascends = true;
    for (let index = 0, before = 0; index < length; index++) {
      const at = order[from + index] ?? 0;
      const key = fields[at * FIELDS + VALUE] ?? 0;
      ascends &&= key >= before;
      before = key;
      keys[index] = key * SHIFT + at;
    }
    if (ascends) return;
    keys.sort();
    for (let index = 0; index < length; index++) {
      const key = keys[index] ?? 0;
      order[from + index] = key - Math.floor(key / SHIFT) * SHIFT;
    }
  }

  #grow(): void {
    const room = this.order.length * 2;
    this.fields = grownInt32(this.fields, room * FIELDS);
    this.bytes = grownFloat64(this.bytes, room);
    this.order = new Int32Array(room);
  }
}
