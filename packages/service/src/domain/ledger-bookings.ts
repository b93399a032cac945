import { RECORD_COUNTERS, RECORD_INDEX } from "@community-stats/contract/counters.ts";

/** Doubles per booking: value, counters to raise by one (bit mask), files and bytes gained (negative: lost). */
const WIDTH = 4;
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

/** Single changes of counters, booked in any order and read day by day. Its buffers are used again after `clear`. */
export class Bookings {
  #count = 0;
  #day = new Int32Array(1 << 12);
  #entry = new Float64Array(WIDTH << 12);
  #order = new Int32Array(1 << 12);

  clear(): void {
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Raises the counters of the mask by one on the day (given by its position). */
  raise(day: number, value: number, mask: number): void {
    if (this.#count === this.#day.length) this.#grow();
    const at = this.#count++;
    this.#day[at] = day;
    const entry = this.#entry;
    entry[at * WIDTH] = value;
    entry[at * WIDTH + 1] = mask;
    entry[at * WIDTH + 2] = 0;
    entry[at * WIDTH + 3] = 0;
  }

  /** Files and bytes that come (positive) or go (negative) together with the booking just made. */
  alsoFiles(files: number, bytes: number): void {
    const at = (this.#count - 1) * WIDTH;
    this.#entry[at + 2] = files;
    this.#entry[at + 3] = bytes;
  }

  /** Orders the bookings by day; gives the start offsets by position of the day. */
  sortByDay(days: number): Int32Array {
    const start = new Int32Array(days + 1);
    const day = this.#day;
    for (let at = 0; at < this.#count; at++) {
      const next = (day[at] ?? 0) + 1;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let at = 1; at <= days; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
    const next = start.slice();
    const order = this.#order;
    for (let at = 0; at < this.#count; at++) {
      const position = next[day[at] ?? 0] ?? 0;
      next[day[at] ?? 0] = position + 1;
      order[position] = at;
    }
    return start;
  }

  /** Value of the booking at a position of the order. */
  valueAt(position: number): number {
    return this.#entry[(this.#order[position] ?? 0) * WIDTH] ?? 0;
  }

  /** Adds the booking at a position of the order to the counters that begin at the offset. */
  applyTo(counters: Float64Array, offset: number, position: number): void {
    const entry = this.#entry;
    const at = (this.#order[position] ?? 0) * WIDTH;
    for (let mask = entry[at + 1] ?? 0; mask !== 0; mask &= mask - 1) {
      const index = offset + 31 - Math.clz32(mask & -mask);
      counters[index] = (counters[index] ?? 0) + 1;
    }
    const files = entry[at + 2] ?? 0;
    if (files === 0) return;
    const bytes = entry[at + 3] ?? 0;
    const filesAt = offset + (files > 0 ? FILES_ADDED : FILES_REMOVED);
    const bytesAt = offset + (files > 0 ? BYTES_ADDED : BYTES_REMOVED);
    counters[filesAt] = (counters[filesAt] ?? 0) + Math.abs(files);
    counters[bytesAt] = (counters[bytesAt] ?? 0) + Math.abs(bytes);
  }

  #grow(): void {
    const day = new Int32Array(this.#day.length * 2);
    day.set(this.#day);
    const entry = new Float64Array(day.length * WIDTH);
    entry.set(this.#entry);
    this.#day = day;
    this.#entry = entry;
    this.#order = new Int32Array(day.length);
  }
}
