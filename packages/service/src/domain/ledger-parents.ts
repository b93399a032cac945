import { FOREVER, type Activity } from "./ledger-activity.ts";
import type { Bookings } from "./ledger-bookings.ts";
import { NO_FILES } from "./ledger-files.ts";
import { grownInt32 } from "./int-arrays.ts";
import { SHAPE } from "./ledger-shapes.ts";
import { ValueCursor, type ColumnView } from "./ledger-states.ts";
import { PARENT, PARENT_AND_WORK, WORK, type ChangeCodes } from "./record-codes.ts";

/** Of each value: the parent in one class, in the other, and the work. Where there is one class only, the work comes and goes with it. */
const THINGS = 3;
const WORK_AT = 2;

/** No day stands here. */
const NOTHING = -1;

/**
 * Books the one parent of several records: for each value, the days on which any of them carries it (T4). Stretches come in order of
 * their first day and merge where they share a day.
 */
export class ParentBooking {
  readonly #view: ColumnView;
  readonly #bookings: Bookings;
  readonly #cursor: ValueCursor;
  /** Slot of a value by its code, or -1. */
  readonly #slotOf: Int32Array;
  #values = new Int32Array(16);
  #open = new Int32Array(16 * THINGS);
  #close = new Int32Array(16 * THINGS);
  #count = 0;
  #codes: ChangeCodes = PARENT;

  constructor(view: ColumnView, bookings: Bookings) {
    this.#view = view;
    this.#bookings = bookings;
    this.#cursor = new ValueCursor(view);
    this.#slotOf = new Int32Array(view.column.codes).fill(-1);
  }

  book(activity: Activity, group: number): void {
    const { groupStart, shape, order } = activity;
    const isMixed = shape[group] === SHAPE.mixed;
    this.#codes = isMixed ? PARENT : PARENT_AND_WORK;
    const to = groupStart[group + 1] ?? 0;
    for (let index = groupStart[group] ?? 0; index < to; index++) this.#lay(activity, order[index] ?? 0, isMixed);
    this.#finish();
  }

  /** Lays a stretch over what its values already have. */
  #lay({ first, last }: Activity, at: number, isMixed: boolean): void {
    const kind = this.#view.states.kind[at] ?? 0;
    const from = first[at] ?? 0;
    const to = last[at] ?? 0;
    const count = this.#cursor.load(at);
    for (let index = 0; index < count; index++) {
      const key = this.#keyOf(this.#cursor.value(index));
      this.#touch(key + kind, from, to);
      if (isMixed) this.#touch(key + WORK_AT, from, to);
    }
  }

  /** One that shares a day prolongs what is there, a later one begins anew. */
  #touch(key: number, first: number, last: number): void {
    const known = this.#close[key] ?? NOTHING;
    if (known !== NOTHING && first <= known) {
      if (last > known) this.#close[key] = last;
      return;
    }
    if (known !== NOTHING) this.#bookStretch(key);
    this.#open[key] = first;
    this.#close[key] = last;
  }

  #finish(): void {
    for (let slot = 0; slot < this.#count; slot++) {
      for (let thing = 0; thing < THINGS; thing++)
        if (this.#close[slot * THINGS + thing] !== NOTHING) this.#bookStretch(slot * THINGS + thing);
      this.#slotOf[this.#values[slot] ?? 0] = -1;
    }
    this.#count = 0;
  }

  #bookStretch(key: number): void {
    const value = this.#values[Math.floor(key / THINGS)] ?? 0;
    const thing = key % THINGS;
    const { add, remove } = thing === WORK_AT ? WORK : this.#codes;
    const kind = thing === WORK_AT ? 0 : thing;
    const last = this.#close[key] ?? 0;
    this.#bookings.add(this.#open[key] ?? 0, value, add + kind, NO_FILES);
    if (last !== FOREVER) this.#bookings.add(last, value, remove + kind, NO_FILES);
  }

  #keyOf(value: number): number {
    let slot = this.#slotOf[value] ?? -1;
    if (slot < 0) {
      slot = this.#count++;
      this.#slotOf[value] = slot;
      this.#makeRoom();
      this.#values[slot] = value;
      this.#close.fill(NOTHING, slot * THINGS, (slot + 1) * THINGS);
    }
    return slot * THINGS;
  }

  #makeRoom(): void {
    if (this.#count <= this.#values.length) return;
    this.#values = grownInt32(this.#values, this.#count);
    this.#open = grownInt32(this.#open, this.#values.length * THINGS);
    this.#close = grownInt32(this.#close, this.#values.length * THINGS);
  }
}
