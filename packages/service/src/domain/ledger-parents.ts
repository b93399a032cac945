import { FOREVER, type Activity } from "./ledger-activity.ts";
import { ADD_PARENT, ADD_WORK, REMOVE_PARENT, REMOVE_WORK, type Bookings } from "./ledger-bookings.ts";
import { grownInt32 } from "./int-arrays.ts";
import { SHAPE } from "./ledger-shapes.ts";
import { StateView, type ColumnView } from "./ledger-states.ts";
import type { RecordHistory } from "./record-history.ts";

/** Of each value: the parent in one class, in the other, and the work. Where there is one class only, the work comes and goes with it. */
const THINGS = 3;
const WORK = 2;
const ADD = Int32Array.of(ADD_PARENT[0], ADD_PARENT[1], ADD_WORK);
const REMOVE = Int32Array.of(REMOVE_PARENT[0], REMOVE_PARENT[1], REMOVE_WORK);
const ADD_BOTH = Int32Array.of(ADD_PARENT[0] | ADD_WORK, ADD_PARENT[1] | ADD_WORK);
const REMOVE_BOTH = Int32Array.of(REMOVE_PARENT[0] | REMOVE_WORK, REMOVE_PARENT[1] | REMOVE_WORK);

/** No day stands here. */
const NOTHING = -1;

/**
 * Books the one parent of several records: for each value, the days on which any of them carries it (T4). Stretches come in order of
 * their first day and merge where they share a day.
 */
export class ParentBooking {
  readonly #withFiles: Uint8Array;
  readonly #bookings: Bookings;
  readonly #states: StateView;
  /** Slot of a value by its code, or -1. */
  readonly #slotOf: Int32Array;
  #values = new Int32Array(16);
  #open = new Int32Array(16 * THINGS);
  #close = new Int32Array(16 * THINGS);
  #count = 0;
  #add = ADD;
  #remove = REMOVE;

  constructor(history: RecordHistory, view: ColumnView, bookings: Bookings) {
    this.#withFiles = history.states.withFiles;
    this.#bookings = bookings;
    this.#states = new StateView(view);
    this.#slotOf = new Int32Array(view.column.codes).fill(-1);
  }

  book(activity: Activity, group: number): void {
    const { groupStart, shape, order } = activity;
    const isMixed = shape[group] === SHAPE.mixed;
    this.#add = isMixed ? ADD : ADD_BOTH;
    this.#remove = isMixed ? REMOVE : REMOVE_BOTH;
    const to = groupStart[group + 1] ?? 0;
    for (let index = groupStart[group] ?? 0; index < to; index++) this.#lay(activity, order[index] ?? 0, isMixed);
    this.#finish();
  }

  /** Lays a stretch over what its values already have. */
  #lay({ state, first, last }: Activity, at: number, isMixed: boolean): void {
    const here = state[at] ?? 0;
    const kind = this.#withFiles[here] === 1 ? 1 : 0;
    const [from, to] = [first[at] ?? 0, last[at] ?? 0];
    const count = this.#states.load(here);
    for (let index = 0; index < count; index++) {
      const key = this.#keyOf(this.#states.value(index));
      this.#touch(key + kind, from, to);
      if (isMixed) this.#touch(key + WORK, from, to);
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
    const last = this.#close[key] ?? 0;
    this.#bookings.add(this.#open[key] ?? 0, value, this.#add[thing] ?? 0, 0, 0);
    if (last !== FOREVER) this.#bookings.add(last, value, this.#remove[thing] ?? 0, 0, 0);
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
