import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import { FIELDS, valueOf, type Bookings } from "./ledger-bookings.ts";
import { COUNTERS } from "./record-codes.ts";

/** Counters of a value, and a place that `Bookings.applyTo` may waste. */
const WIDTH = COUNTERS + 1;

/** Counters for the values that occur, out of many that could. */
export class ValueSums {
  #counters = new Float64Array(64 * WIDTH);
  /** Slot of a value, or -1. */
  readonly #slot: Int32Array;
  #values = new Int32Array(64);
  #count = 0;

  constructor(codes: number) {
    this.#slot = new Int32Array(codes).fill(-1);
  }

  add(bookings: Bookings, booking: number): void {
    const slot = this.#slotOf(valueOf(bookings.sorted[booking * FIELDS] ?? 0));
    bookings.applyTo(this.#counters, slot * WIDTH, booking);
  }

  /** Ascending by value; its counters begin at the offset. */
  each(visit: (value: number, counters: Float64Array, offset: number) => void): void {
    const values = this.#values.subarray(0, this.#count).toSorted();
    for (const value of values) visit(value, this.#counters, (this.#slot[value] ?? 0) * WIDTH);
  }

  clear(): void {
    for (let slot = 0; slot < this.#count; slot++) this.#slot[this.#values[slot] ?? 0] = -1;
    this.#count = 0;
  }

  #slotOf(value: number): number {
    const known = this.#slot[value] ?? -1;
    if (known >= 0) return known;
    const slot = this.#count++;
    this.#values = grownInt32(this.#values, this.#count);
    this.#counters = grownFloat64(this.#counters, this.#values.length * WIDTH);
    this.#counters.fill(0, slot * WIDTH, (slot + 1) * WIDTH);
    this.#slot[value] = slot;
    this.#values[slot] = value;
    return slot;
  }
}
