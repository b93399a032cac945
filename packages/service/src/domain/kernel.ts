import { grownInt32 } from "./int-arrays.ts";
import { BaseCells } from "./kernel-base.ts";
import { CounterTable } from "./kernel-counters.ts";
import type { UsageBreakdown, UsageDims } from "./kernel-dims.ts";
import { UnknownTermError } from "./kernel-dims.ts";
import type { Cells } from "./kernel-cells.ts";
import { Division } from "./kernel-division.ts";
import { NO_TERM, SelectedEvents, type UsageDay } from "./kernel-events.ts";
import { MetValues } from "./kernel-met-values.ts";
import { DayPacking, type PackedDay, type RecordUse } from "./kernel-output.ts";
import { ScopeSets } from "./kernel-scopes.ts";
import { ValueLists } from "./kernel-values.ts";

/** One day counted. */
export interface CountedUse {
  readonly packed: PackedDay;
  readonly records: RecordUse;
}

/** What a kernel may keep between days before it starts afresh. */
export interface KernelLimits {
  /** Values listed for record states. */
  readonly listed: number;
}
/** 64 MB of lists. */
const LIMITS: KernelLimits = { listed: 1 << 24 };

/**
 * Counts one day of events exactly (T8, T9): every counter of `USAGE_COUNTERS` for every (scope, breakdown, value), and per
 * record. Robots do not count. Values are those of the record's state at the end of the day; communities are the recorded ones,
 * else the membership at the instant. The parent is the one that the event names; an event that names none has no parent.
 * Unknown records count in the totals, by the event's own fields, and as "not stated" elsewhere (T9.1 decision 11).
 */
export class UsageKernel {
  readonly sets: ScopeSets;
  readonly #dims: UsageDims;
  readonly #limits: KernelLimits;
  readonly #lists: ValueLists;
  readonly #table = new CounterTable();
  readonly #events = new SelectedEvents();
  readonly #base: BaseCells;
  /** Divisions by a value of the event, in the order of the breakdowns that have one. */
  readonly #splits: readonly Split[];
  /** While cells are split, by value: the cell that was split by it last, and the part with that value. */
  #splitOf = new Int32Array(0);
  #partOf = new Int32Array(0);
  readonly #packing = new DayPacking();

  constructor(dims: UsageDims, limits: KernelLimits = LIMITS) {
    this.#dims = dims;
    this.#limits = limits;
    this.sets = new ScopeSets(dims);
    this.#lists = new ValueLists(dims);
    this.#table.reserve(this.#lists.values);
    const options = { globalScope: dims.globalScope, met: new MetValues(this.#lists.values) };
    this.#base = new BaseCells(options);
    this.#splits = dims.breakdowns.flatMap((breakdown, index) =>
      breakdown.from === "record"
        ? []
        : [{ breakdown, index, division: new Division({ ...options, manyValues: false }) }],
    );
  }

  /** @throws UnknownTermError where the day is newer than the dims; the kernel stays usable. */
  count(day: UsageDay): CountedUse {
    // A day that failed half-way may have left counts behind.
    this.#table.reset();
    if (this.#lists.size > this.#limits.listed) this.#lists.forget();
    const events = this.#events;
    events.select(day);
    this.#base.build({ dims: this.#dims, sets: this.sets, lists: this.#lists }, { day, events });
    for (const split of this.#splits) this.#divide(split, day);
    const divisions = this.#divisions();
    for (const division of divisions) division.prepare(events, this.#lists.pool, this.sets);
    const packed = this.#countScopes(divisions);
    return { packed, records: this.#base.countRecords() };
  }

  #divisions(): readonly Division[] {
    return [this.#base.division, ...this.#splits.map(({ division }) => division)];
  }

  #countScopes(divisions: readonly Division[]): PackedDay {
    const into = { table: this.#table, pool: this.#lists.pool };
    this.#packing.begin();
    for (let scope = 0; scope < this.sets.scopeLimit; scope++) {
      if (!this.#base.division.hasScope(scope)) continue;
      for (const division of divisions) division.count(scope, into);
      this.#packing.addScope(scope, this.#table, this.#lists.bases);
    }
    return this.#packing.take();
  }

  /** Splits the cells by a value of the event, one after the other: which of its parts has a value is looked up in a table of values. */
  #divide({ breakdown, index, division: { cells } }: Split, day: UsageDay): void {
    const { eventsOf, cells: base } = this.#base;
    const { position, count } = this.#events;
    const column = eventColumn(breakdown, day);
    cells.begin(count);
    this.#partOf = grownInt32(this.#partOf, breakdown.codes + 1);
    this.#splitOf = grownInt32(this.#splitOf, breakdown.codes + 1);
    const partOf = this.#partOf;
    const splitOf = this.#splitOf.fill(-1, 0, breakdown.codes + 1);
    for (let cell = 0; cell < base.count; cell++) {
      const end = eventsOf.starts[cell + 1] ?? 0;
      for (let at = eventsOf.starts[cell] ?? 0; at < end; at++) {
        const event = eventsOf.order[at] ?? 0;
        const value = this.#splitValue(breakdown, column[position[event] ?? 0] ?? NO_TERM, event);
        const slot = value - VIEWS;
        if (splitOf[slot] !== cell) {
          splitOf[slot] = cell;
          partOf[slot] = cells.count;
          this.#addSplit(cells, { index, cell, value });
        }
        cells.eventCell[event] = partOf[slot] ?? 0;
      }
    }
  }

  /** Code of the event's value, or VIEWS for what counts by the record's values. */
  #splitValue(breakdown: UsageBreakdown, term: number, event: number): number {
    if (breakdown.from === "file" && this.#events.kind[event] === 0) return VIEWS;
    if (term === NO_TERM) return breakdown.notStated;
    const code = breakdown.codeOfTerm[term];
    if (code === undefined) throw new UnknownTermError(breakdown.field ?? breakdown.name, term);
    return code;
  }

  #addSplit(cells: Cells, { index, cell, value }: { index: number; cell: number; value: number }): void {
    const { cells: base, state } = this.#base;
    const lists = this.#lists;
    const record = base.record[cell] ?? 0;
    const parent = base.parent[cell] ?? 0;
    const set = base.set[cell] ?? 0;
    if (value === VIEWS) {
      const list = lists.ofViews(index, state[cell] ?? 0);
      cells.add({ record, parent, set, from: lists.from[list] ?? 0, to: lists.to[list] ?? 0 });
    } else {
      const own = (lists.bases[index + 1] ?? 0) + value;
      cells.add({ record, parent, set, from: own, to: own + 1 });
    }
  }
}

/** A breakdown by a value of the event, its place among the breakdowns, and the events divided by it. */
interface Split {
  readonly breakdown: UsageBreakdown;
  readonly index: number;
  readonly division: Division;
}

const VIEWS = -1;

function eventColumn({ field }: UsageBreakdown, day: UsageDay): Int32Array {
  switch (field) {
    case "country":
      return day.country;
    case "referrer":
      return day.referrer;
    case "fileType":
      return day.fileType;
    case null:
      throw new Error("a breakdown by record has no column of events");
    default:
      return field satisfies never;
  }
}
