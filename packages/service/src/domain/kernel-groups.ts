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
  /** First value number of each breakdown; 0 is the totals. The last entry is the number of all values. */
  readonly #bases: Int32Array;
  readonly #columns: readonly (ValueColumn | undefined)[];
  readonly #groups = new Numbering();
  readonly #lists = new Numbering();
  #listFrom = new Int32Array(64);
  #listTo = new Int32Array(64);
  #used = 0;

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

  /** Breakdown (0 the totals, then in the order of the dims) and value code of a value number. */
  place(value: number): { readonly breakdown: number; readonly code: number } {
    const bases = this.#bases;
    let breakdown = bases.length - 2;
    while (value < (bases[breakdown] ?? 0)) breakdown--;
    return { breakdown, code: value - (bases[breakdown] ?? 0) };
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
    const values = this.#values(purpose, slot.of);
    this.#listFrom = grownInt32(this.#listFrom, list + 1);
    this.#listTo = grownInt32(this.#listTo, list + 1);
    this.#listFrom[list] = this.#used;
    const { starts, scopes } = this.#sets;
    for (let at = starts[slot.set] ?? 0; at < (starts[slot.set + 1] ?? 0); at++) {
      for (const value of values) this.#append(this.#group(scopes[at] ?? 0, value));
    }
    this.#listTo[list] = this.#used;
    this.table.reserve(this.#groups.count);
  }

  #values(purpose: number, of: number): readonly number[] {
    if (purpose === 0) return [0, ...this.#dims.breakdowns.flatMap((_, index) => this.#recordValues(index, of))];
    const breakdown = (purpose - 1) >> 1;
    return purpose % 2 === 1 ? this.#stateValues(breakdown, of) : [(this.#bases[breakdown + 1] ?? 0) + of];
  }

  #recordValues(breakdown: number, state: number): readonly number[] {
    return this.#dims.breakdowns[breakdown]?.from === "record" ? this.#stateValues(breakdown, state) : [];
  }

  #stateValues(breakdown: number, state: number): readonly number[] {
    const base = this.#bases[breakdown + 1] ?? 0;
    const column = this.#columns[breakdown];
    if (state === UNKNOWN_STATE || column === undefined)
      return [base + (this.#dims.breakdowns[breakdown]?.notStated ?? 0)];
    const set = column.setOf[state] ?? 0;
    return Array.from(
      column.setValues.subarray(column.setStart[set] ?? 0, column.setStart[set + 1] ?? 0),
      (code) => base + code,
    );
  }

  #group(scope: number, value: number): number {
    const group = this.#groups.number(scope, value);
    this.scope = grownInt32(this.scope, group + 1);
    this.value = grownInt32(this.value, group + 1);
    this.scope[group] = scope;
    this.value[group] = value;
    return group;
  }

  #append(group: number): void {
    this.offsets = grownInt32(this.offsets, this.#used + 1);
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
