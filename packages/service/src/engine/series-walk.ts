import type { DayOfUse } from "./rollup-store.ts";
import { bufferOf, offsetOf, WindowPacker } from "./window-packing.ts";

/**
 * What the days of a window hold of each series, ascending by scope, then breakdown: all days are walked through side by side. Hundreds
 * of thousands of series pass here, each with many days: nothing is made for any of them.
 */
export class SeriesWalk {
  scope = 0;
  /** Position in the batch's breakdowns. */
  breakdown = 0;
  readonly #days: readonly DayOfUse[];
  readonly #data: readonly Buffer[];
  /** Which blob of each day comes next. */
  readonly #at: Int32Array;
  readonly #packer = new WindowPacker();
  #offsets = 0;

  constructor(days: readonly DayOfUse[]) {
    this.#days = days.toSorted((a, b) => a.day - b.day);
    this.#data = this.#days.map(({ data }) => bufferOf(data));
    this.#at = new Int32Array(days.length);
  }

  /** The days of the series at hand; holds until the next one. */
  get packed(): Uint8Array {
    return this.#packer.packed;
  }

  /** Those days as a bit mask of their offsets. */
  get offsets(): number {
    return this.#offsets;
  }

  /** False when there is none any more. */
  next(): boolean {
    if (!this.#choose()) return false;
    this.#packer.begin();
    this.#offsets = 0;
    for (let index = 0; index < this.#days.length; index++) this.#take(index);
    return true;
  }

  /** The least of what comes next in any day. */
  #choose(): boolean {
    let scope = Infinity;
    let breakdown = Infinity;
    for (let index = 0; index < this.#days.length; index++) {
      const day = this.#days[index];
      const at = this.#at[index] ?? 0;
      const itsScope = day?.scope[at] ?? Infinity;
      const itsBreakdown = day?.breakdown[at] ?? Infinity;
      if (itsScope > scope || (itsScope === scope && itsBreakdown >= breakdown)) continue;
      scope = itsScope;
      breakdown = itsBreakdown;
    }
    this.scope = scope;
    this.breakdown = breakdown;
    return scope !== Infinity;
  }

  #take(index: number): void {
    const day = this.#days[index];
    const data = this.#data[index];
    const at = this.#at[index] ?? 0;
    if (day === undefined || data === undefined) return;
    if (day.scope[at] !== this.scope || day.breakdown[at] !== this.breakdown) return;
    const offset = offsetOf(day.day);
    this.#packer.add(offset, data, { start: day.start[at] ?? 0, end: day.start[at + 1] ?? 0 });
    this.#offsets |= 1 << offset;
    this.#at[index] = at + 1;
  }
}
