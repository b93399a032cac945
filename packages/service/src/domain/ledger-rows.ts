import { COUNTERS, type Bookings } from "./ledger-bookings.ts";
import { DayPacker, RowPacker } from "./packing.ts";

/** One year of a breakdown in one scope and basis, packed (packing.ts). */
export interface LedgerPart {
  readonly breakdown: string;
  readonly year: number;
  readonly data: Uint8Array;
}

/** The rows of each year, and after each such year the sums of all rows up to its end. */
export interface LedgerParts {
  readonly years: LedgerPart[];
  readonly checkpoints: LedgerPart[];
}

/** The days of an activity, and the year of each. */
export interface Calendar {
  readonly days: Int32Array;
  readonly years: Int32Array;
}

/** Sums bookings to rows of (day, value) and packs them, for one column; used again for every scope. */
export class LedgerRows {
  readonly #breakdown: string;
  readonly #days = new DayPacker(COUNTERS);
  readonly #sums = new RowPacker(COUNTERS);
  readonly #day: Slots;
  readonly #total: Slots;

  constructor(breakdown: string, codes: number) {
    this.#breakdown = breakdown;
    this.#day = new Slots(codes);
    this.#total = new Slots(codes);
  }

  pack(bookings: Bookings, { days, years }: Calendar, into: LedgerParts): void {
    if (bookings.count === 0) return;
    const start = bookings.sortByDay(days.length);
    let pending = false;
    for (let position = 0; position < days.length; position++) {
      const from = start[position] ?? 0;
      const to = start[position + 1] ?? 0;
      if (pending && years[position] !== years[position - 1]) {
        this.#endYear(years[position - 1] ?? 0, into);
        pending = false;
      }
      if (from === to) continue;
      this.#packDay(bookings, days[position] ?? 0, { from, to });
      pending = true;
    }
    if (pending) this.#endYear(years[days.length - 1] ?? 0, into);
    this.#total.clear();
  }

  #packDay(bookings: Bookings, day: number, { from, to }: { from: number; to: number }): void {
    const slots = this.#day;
    for (let at = from; at < to; at++) {
      const slot = slots.slotOf(bookings.valueAt(at));
      bookings.applyTo(slots.counters, slot * COUNTERS, at);
    }
    const values = slots.ascending();
    this.#days.day(day, values.length);
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? 0;
      const offset = slots.slotOf(value) * COUNTERS;
      this.#days.row(value, slots.counters, offset);
      this.#total.add(value, slots.counters, offset);
    }
    slots.clear();
  }

  #endYear(year: number, into: LedgerParts): void {
    into.years.push({ breakdown: this.#breakdown, year, data: this.#days.take() });
    const totals = this.#total;
    const values = totals.ascending();
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? 0;
      this.#sums.row(value, totals.counters, totals.slotOf(value) * COUNTERS);
    }
    into.checkpoints.push({ breakdown: this.#breakdown, year, data: this.#sums.take() });
  }
}

/** Counters for the values that occur, out of many that could. */
class Slots {
  counters = new Float64Array(64 * COUNTERS);
  readonly #slot: Int32Array;
  #values = new Int32Array(64);
  #count = 0;

  constructor(codes: number) {
    this.#slot = new Int32Array(codes).fill(-1);
  }

  slotOf(value: number): number {
    const known = this.#slot[value] ?? -1;
    if (known >= 0) return known;
    if (this.#count === this.#values.length) this.#grow();
    const slot = this.#count++;
    this.#slot[value] = slot;
    this.#values[slot] = value;
    this.counters.fill(0, slot * COUNTERS, (slot + 1) * COUNTERS);
    return slot;
  }

  add(value: number, counters: Float64Array, from: number): void {
    const offset = this.slotOf(value) * COUNTERS;
    const own = this.counters;
    for (let index = 0; index < COUNTERS; index++)
      own[offset + index] = (own[offset + index] ?? 0) + (counters[from + index] ?? 0);
  }

  /** The values that occur, ascending; valid until the next call. */
  ascending(): Int32Array {
    const values = this.#values.subarray(0, this.#count);
    return values.toSorted();
  }

  clear(): void {
    for (let slot = 0; slot < this.#count; slot++) this.#slot[this.#values[slot] ?? 0] = -1;
    this.#count = 0;
  }

  #grow(): void {
    const values = new Int32Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    const counters = new Float64Array(values.length * COUNTERS);
    counters.set(this.counters);
    this.counters = counters;
  }
}
