import { grownInt32 } from "./int-arrays.ts";
import { CounterTable, STRIDE } from "./kernel-counters.ts";
import type { UsageBreakdown, UsageDims } from "./kernel-dims.ts";
import { Numbering } from "./kernel-numbering.ts";
import type { ScopeSets } from "./kernel-scopes.ts";
import type { ValueColumn } from "./record-history.ts";
import { valueColumn } from "./record-history.ts";

/** Half-open range of positions in a pool of group offsets. */
export interface GroupList {
  readonly from: number;
  readonly to: number;
}

/** State number of a record that nothing is known about. */
export const UNKNOWN_STATE = -1;

/**
 * Groups are pairs of (scope, value of a breakdown), made when first needed. Which groups a (record state, community set) or an
 * (event value, community set) counts in is worked out once and kept until `forget`.
 */
export class Groups {
  readonly table = new CounterTable();
  /** All lists, as offsets into the table. */
  offsets = new Int32Array(1 << 12);
  /** Scope and value of each group. */
  scope = new Int32Array(64);
  value = new Int32Array(64);
  readonly #dims: UsageDims;
  readonly #sets: ScopeSets;
  readonly #bases: Int32Array;
  readonly #columns: readonly (ValueColumn | undefined)[];
  readonly #groups = new Numbering();
  readonly #lists = new Numbering();
  #listFrom = new Int32Array(64);
  #listTo = new Int32Array(64);
  #used = 0;
  /** Scratch: the values of the list that is being made. */
  #values = new Int32Array(64);
  #valueCount = 0;

  constructor(dims: UsageDims, sets: ScopeSets) {
    this.#dims = dims;
    this.#sets = sets;
    this.#bases = valueBases(dims.breakdowns);
    this.#columns = dims.breakdowns.map(({ name }) => valueColumn(dims.history, name, "usage"));
  }

  get count(): number {
    return this.#groups.count;
  }

  /** Length of all lists. */
  get size(): number {
    return this.#used;
  }

  /** Forgets lists and groups. Only between days, when all groups are zero. */
  forget(): void {
    this.#groups.clear();
    this.#lists.clear();
    this.#used = 0;
  }

  /** First value number of each breakdown: 0 the totals, then those of the dims in their order; at the end the number of all values. */
  get bases(): Int32Array {
    return this.#bases;
  }

  /** The totals and all values of breakdowns by record that the state carries, in every scope of the set. */
  ofState(state: number, set: number): GroupList {
    return this.#list(0, state, set);
  }

  /** The values that the state carries in one `file` breakdown, for views. */
  ofViews(breakdown: number, state: number, set: number): GroupList {
    return this.#list(1 + 2 * breakdown, state, set);
  }

  /** One value, by code, of an `event` or `file` breakdown. */
  ofValue(breakdown: number, code: number, set: number): GroupList {
    return this.#list(2 + 2 * breakdown, code, set);
  }

  #list(purpose: number, of: number, set: number): GroupList {
    const before = this.#lists.count;
    const list = this.#lists.number(of, this.#purposes() * set + purpose);
    if (list === before) this.#fill(list, purpose, { of, set });
    return { from: this.#listFrom[list] ?? 0, to: this.#listTo[list] ?? 0 };
  }

  #purposes(): number {
    return 1 + 2 * this.#dims.breakdowns.length;
  }

  #fill(list: number, purpose: number, slot: { readonly of: number; readonly set: number }): void {
    this.#collectValues(purpose, slot.of);
    const { starts, scopes } = this.#sets;
    const first = starts[slot.set] ?? 0;
    const end = starts[slot.set + 1] ?? 0;
    this.#makeRoom(list, (end - first) * this.#valueCount);
    this.#listFrom[list] = this.#used;
    for (let at = first; at < end; at++) {
      const scope = scopes[at] ?? 0;
      for (let index = 0; index < this.#valueCount; index++) this.#append(scope, this.#values[index] ?? 0);
    }
    this.#listTo[list] = this.#used;
    this.table.reserve(this.#groups.count);
  }

  #makeRoom(list: number, groups: number): void {
    this.#listFrom = grownInt32(this.#listFrom, list + 1);
    this.#listTo = grownInt32(this.#listTo, list + 1);
    this.offsets = grownInt32(this.offsets, this.#used + groups);
    this.scope = grownInt32(this.scope, this.#groups.count + groups);
    this.value = grownInt32(this.value, this.#groups.count + groups);
  }

  /** Collects the value numbers of a list. */
  #collectValues(purpose: number, of: number): void {
    this.#valueCount = 0;
    const breakdown = (purpose - 1) >> 1;
    if (purpose === 0) {
      this.#addValue(0);
      for (let index = 0; index < this.#columns.length; index++) {
        if (this.#dims.breakdowns[index]?.from === "record") this.#addStateValues(index, of);
      }
    } else if (purpose % 2 === 1) this.#addStateValues(breakdown, of);
    else this.#addValue((this.#bases[breakdown + 1] ?? 0) + of);
  }

  #addStateValues(breakdown: number, state: number): void {
    const base = this.#bases[breakdown + 1] ?? 0;
    const column = this.#columns[breakdown];
    if (state === UNKNOWN_STATE || column === undefined) {
      this.#addValue(base + (this.#dims.breakdowns[breakdown]?.notStated ?? 0));
      return;
    }
    const { setOf, setStart, setValues } = column;
    const set = setOf[state] ?? 0;
    const end = setStart[set + 1] ?? 0;
    for (let at = setStart[set] ?? 0; at < end; at++) this.#addValue(base + (setValues[at] ?? 0));
  }

  #addValue(value: number): void {
    this.#values = grownInt32(this.#values, this.#valueCount + 1);
    this.#values[this.#valueCount++] = value;
  }

  #append(scope: number, value: number): void {
    const group = this.#groups.number(scope, value);
    this.scope[group] = scope;
    this.value[group] = value;
    this.offsets[this.#used++] = group * STRIDE;
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
