import { RECORD_COUNTERS, RECORD_INDEX } from "@community-stats/contract/counters.ts";
import { grownFloat64, grownInt32 } from "./int-arrays.ts";

const FILES_ADDED = RECORD_INDEX.filesAdded;
const FILES_REMOVED = RECORD_INDEX.filesRemoved;
const BYTES_ADDED = RECORD_INDEX.bytesAdded;
const BYTES_REMOVED = RECORD_INDEX.bytesRemoved;
export const COUNTERS = RECORD_COUNTERS.length;

/** Bits of the counters that a booking can raise by one, by class of the files switch (0 metadata only, 1 with files). */
export const ADD_RECORD = [
  1 << RECORD_INDEX.recordsAddedMetadataOnly,
  1 << RECORD_INDEX.recordsAddedWithFiles,
] as const;
export const REMOVE_RECORD = [
  1 << RECORD_INDEX.recordsRemovedMetadataOnly,
  1 << RECORD_INDEX.recordsRemovedWithFiles,
] as const;
export const ADD_PARENT = [
  1 << RECORD_INDEX.parentsAddedMetadataOnly,
  1 << RECORD_INDEX.parentsAddedWithFiles,
] as const;
export const REMOVE_PARENT = [
  1 << RECORD_INDEX.parentsRemovedMetadataOnly,
  1 << RECORD_INDEX.parentsRemovedWithFiles,
] as const;
export const ADD_WORK = 1 << RECORD_INDEX.worksAdded;
export const REMOVE_WORK = 1 << RECORD_INDEX.worksRemoved;
export const ADD_UPLOADER = 1 << RECORD_INDEX.uploaders;
export const GAIN_UPLOADER = 1 << RECORD_INDEX.uploadersGained;
export const LOSE_UPLOADER = 1 << RECORD_INDEX.uploadersLost;

/** Counters of what comes and goes together, by class. */
export interface Masks {
  readonly add: readonly [number, number];
  readonly remove: readonly [number, number];
}
export const RECORD: Masks = { add: ADD_RECORD, remove: REMOVE_RECORD };
export const RECORD_AND_PARENT: Masks = {
  add: [ADD_RECORD[0] | ADD_PARENT[0], ADD_RECORD[1] | ADD_PARENT[1]],
  remove: [REMOVE_RECORD[0] | REMOVE_PARENT[0], REMOVE_RECORD[1] | REMOVE_PARENT[1]],
};
/** Record, parent and work. */
export const ALL: Masks = {
  add: [RECORD_AND_PARENT.add[0] | ADD_WORK, RECORD_AND_PARENT.add[1] | ADD_WORK],
  remove: [RECORD_AND_PARENT.remove[0] | REMOVE_WORK, RECORD_AND_PARENT.remove[1] | REMOVE_WORK],
};

/** Single changes of counters, booked in any order and read by day and value. Its buffers are used again after `clear`. */
export class Bookings {
  count = 0;
  day = new Int32Array(ROOM);
  value = new Int32Array(ROOM);
  mask = new Int32Array(ROOM);
  files = new Int32Array(ROOM);
  bytes = new Float64Array(ROOM);
  /** Numbers of the bookings, ascending by day, then by value, once they are sorted. */
  order = new Int32Array(ROOM);
  #start = new Int32Array(0);
  #keys = new Float64Array(0);

  clear(): void {
    this.count = 0;
  }

  /** Raises the counters of the mask by one on the day (given by its position). Files and bytes are gained, or lost where negative. */
  add(day: number, value: number, mask: number, files: number, bytes: number): void {
    if (this.count === this.day.length) this.#grow();
    const at = this.count++;
    this.day[at] = day;
    this.value[at] = value;
    this.mask[at] = mask;
    this.files[at] = files;
    this.bytes[at] = bytes;
  }

  /** Orders the bookings by day and value; gives the start offsets in `order` by position of the day, valid until the next call. */
  inOrder(days: number): Int32Array {
    const start = this.#sortByDay(days);
    for (let position = 0; position < days; position++)
      this.#sortByValue(start[position] ?? 0, start[position + 1] ?? 0);
    return start;
  }

  /** Adds a booking to the counters that begin at the offset. */
  applyTo(counters: Float64Array, offset: number, at: number): void {
    for (let mask = this.mask[at] ?? 0; mask !== 0; mask &= mask - 1) {
      const index = offset + 31 - Math.clz32(mask & -mask);
      counters[index] = (counters[index] ?? 0) + 1;
    }
    const files = this.files[at] ?? 0;
    if (files === 0) return;
    const bytes = this.bytes[at] ?? 0;
    const filesAt = offset + (files > 0 ? FILES_ADDED : FILES_REMOVED);
    const bytesAt = offset + (files > 0 ? BYTES_ADDED : BYTES_REMOVED);
    counters[filesAt] = (counters[filesAt] ?? 0) + Math.abs(files);
    counters[bytesAt] = (counters[bytesAt] ?? 0) + Math.abs(bytes);
  }

  /** Counting sort. */
  #sortByDay(days: number): Int32Array {
    // Two more than days: while the sort goes on, the next free place of a day is kept one further.
    if (this.#start.length < days + 2) this.#start = new Int32Array(2 * days + 2);
    const start = this.#start.fill(0, 0, days + 2);
    const { count, day, order } = this;
    for (let at = 0; at < count; at++) {
      const next = (day[at] ?? 0) + 2;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let at = 2; at <= days; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
    for (let at = 0; at < count; at++) {
      const next = (day[at] ?? 0) + 1;
      const position = start[next] ?? 0;
      start[next] = position + 1;
      order[position] = at;
    }
    return start;
  }

  #sortByValue(from: number, to: number): void {
    const { order, value } = this;
    if (to - from > FEW) return this.#sortManyByValue(from, to);
    for (let index = from + 1; index < to; index++) {
      const at = order[index] ?? 0;
      const key = value[at] ?? 0;
      let free = index;
      for (; free > from && (value[order[free - 1] ?? 0] ?? 0) > key; free--) order[free] = order[free - 1] ?? 0;
      order[free] = at;
    }
  }

  /** Plain numbers are what engines sort fastest: value and number of the booking in one. */
  #sortManyByValue(from: number, to: number): void {
    const { order, value } = this;
    const length = to - from;
    if (this.#keys.length < length) this.#keys = new Float64Array(2 * length);
    const keys = this.#keys.subarray(0, length);
    let ascends = true;
    for (let index = 0, before = 0; index < length; index++) {
      const at = order[from + index] ?? 0;
      const key = value[at] ?? 0;
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
    const room = this.day.length * 2;
    this.day = grownInt32(this.day, room);
    this.value = grownInt32(this.value, room);
    this.mask = grownInt32(this.mask, room);
    this.files = grownInt32(this.files, room);
    this.bytes = grownFloat64(this.bytes, room);
    this.order = new Int32Array(room);
  }
}

const ROOM = 1 << 12;
/** More than there can be bookings of one column and scope; values up to 2^25 keep the sum exact. */
const SHIFT = 2 ** 28;
/** Up to so many, sorting in place is faster than calling the engine's sort. */
const FEW = 32;
