import { grownInt32 } from "./int-arrays.ts";
import type { UsageBreakdown, UsageDims } from "./kernel-dims.ts";
import type { ValueColumn } from "./record-history.ts";
import { valueColumn } from "./record-history.ts";

/** State number of a record that nothing is known about. */
export const UNKNOWN_STATE = -1;

/**
 * The values of all breakdowns in one row of numbers: 0 the totals, then those of the first breakdown by their codes, and so on.
 * Which of them a record state counts in is worked out once and kept until `forget`. A list is `pool[from[n]..to[n])`.
 */
export class ValueLists {
  /** First number of each breakdown, 0 being the totals; at the end how many numbers there are. */
  readonly bases: Int32Array;
  /** All lists one after another; the first are every value alone, so that a value number is also where its own list begins. */
  pool: Int32Array<ArrayBuffer>;
  from = new Int32Array(64);
  to = new Int32Array(64);
  readonly #dims: UsageDims;
  readonly #columns: readonly (ValueColumn | undefined)[];
  /** Number of the list + 1 by purpose, then by state + 1; 0 while it is not made. */
  readonly #known: Int32Array<ArrayBuffer>[] = [];
  #count = 0;
  #used: number;

  constructor(dims: UsageDims) {
    this.#dims = dims;
    this.bases = valueBases(dims.breakdowns);
    this.#used = this.bases.at(-1) ?? 0;
    this.pool = Int32Array.from({ length: this.#used }, (_, value) => value);
    this.#columns = dims.breakdowns.map(({ name }) => valueColumn(dims.history, name, "usage"));
  }

  /** How many values there are. */
  get values(): number {
    return this.bases.at(-1) ?? 0;
  }

  /** Length of all lists of states. */
  get size(): number {
    return this.#used - this.values;
  }

  forget(): void {
    for (const known of this.#known) known.fill(0);
    this.#count = 0;
    this.#used = this.values;
  }

  /** Number of the list of the totals and all values of breakdowns by record that the state carries. */
  ofState(state: number): number {
    return this.#list(0, state);
  }

  /** Number of the list of the values that the state carries in one `file` breakdown, for views. */
  ofViews(breakdown: number, state: number): number {
    return this.#list(1 + breakdown, state);
  }

  #list(purpose: number, state: number): number {
    const known = this.#known[purpose] ?? this.#begin(purpose);
    const list = known[state + 1] ?? 0;
    if (list > 0) return list - 1;
    known[state + 1] = this.#count + 1;
    return this.#make(purpose, state);
  }

  #begin(purpose: number): Int32Array {
    while (this.#known.length <= purpose) this.#known.push(new Int32Array(0));
    return (this.#known[purpose] = new Int32Array(this.#dims.history.states.count + 1));
  }

  #make(purpose: number, state: number): number {
    const list = this.#count++;
    this.from = grownInt32(this.from, list + 1);
    this.to = grownInt32(this.to, list + 1);
    this.from[list] = this.#used;
    if (purpose === 0) {
      this.#append(0);
      this.#dims.breakdowns.forEach(({ from }, breakdown) => {
        if (from === "record") this.#appendValues(breakdown, state);
      });
    } else this.#appendValues(purpose - 1, state);
    this.to[list] = this.#used;
    return list;
  }

  #appendValues(breakdown: number, state: number): void {
    const base = this.bases[breakdown + 1] ?? 0;
    const column = this.#columns[breakdown];
    if (state === UNKNOWN_STATE || column === undefined) {
      this.#append(base + (this.#dims.breakdowns[breakdown]?.notStated ?? 0));
      return;
    }
    const { setOf, setStart, setValues } = column;
    const set = setOf[state] ?? 0;
    const end = setStart[set + 1] ?? 0;
    for (let at = setStart[set] ?? 0; at < end; at++) this.#append(base + (setValues[at] ?? 0));
  }

  #append(value: number): void {
    this.pool = grownInt32(this.pool, this.#used + 1);
    this.pool[this.#used++] = value;
  }
}

function valueBases(breakdowns: readonly UsageBreakdown[]): Int32Array {
  const bases = new Int32Array(breakdowns.length + 2);
  bases[1] = 1;
  breakdowns.forEach(({ codes }, index) => {
    bases[index + 2] = (bases[index + 1] ?? 0) + codes;
  });
  return bases;
}
