import { BaseCells } from "./kernel-base.ts";
import { Cells, countCells } from "./kernel-cells.ts";
import type { UsageBreakdown, UsageDims } from "./kernel-dims.ts";
import { UnknownTermError } from "./kernel-dims.ts";
import { NO_CODE, SelectedEvents, type UsageDay } from "./kernel-events.ts";
import { type GroupList, Groups } from "./kernel-groups.ts";
import { Numbering } from "./kernel-numbering.ts";
import { DayPacking, type PackedDay, type RecordUse } from "./kernel-output.ts";
import { ScopeSets } from "./kernel-scopes.ts";

/** One day counted. */
export interface CountedUse {
  readonly packed: PackedDay;
  readonly records: RecordUse;
}

/** What a kernel may keep between days before it starts afresh. */
export interface KernelLimits {
  readonly groups: number;
  readonly listed: number;
}
/** About 170 MB of counters and 130 MB of lists at most. */
const LIMITS: KernelLimits = { groups: 1 << 21, listed: 1 << 25 };

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
  readonly #groups: Groups;
  readonly #events = new SelectedEvents();
  readonly #base = new BaseCells();
  readonly #split = new Cells();
  readonly #splitNumbers = new Numbering();
  readonly #packing = new DayPacking();

  constructor(dims: UsageDims, limits: KernelLimits = LIMITS) {
    this.#dims = dims;
    this.#limits = limits;
    this.sets = new ScopeSets(dims);
    this.#groups = new Groups(dims, this.sets);
  }

  /** @throws UnknownTermError where the day is newer than the dims; the kernel stays usable. */
  count(day: UsageDay): CountedUse {
    this.#keepBounds();
    const events = this.#events;
    events.select(day);
    this.#base.build(this.#dims, this.sets, { day, events });
    this.#countRecordSide();
    this.#dims.breakdowns.forEach((breakdown, index) => {
      if (breakdown.from !== "record") this.#countSplit(breakdown, index, day);
    });
    const packed = this.#packing.pack(this.#groups);
    this.#groups.table.reset();
    return { packed, records: this.#base.countRecords(events) };
  }

  #keepBounds(): void {
    // A day that failed half-way may have left counts behind.
    this.#groups.table.reset();
    if (this.#groups.count > this.#limits.groups || this.#groups.size > this.#limits.listed) this.#groups.forget();
  }

  #countRecordSide(): void {
    const { cells, state, set } = this.#base;
    for (let cell = 0; cell < cells.count; cell++) {
      const list = this.#groups.ofState(state[cell] ?? 0, set[cell] ?? 0);
      cells.from[cell] = list.from;
      cells.to[cell] = list.to;
    }
    countCells(cells, this.#events, this.#groups);
  }

  /** Splits the cells by a value of the event. */
  #countSplit(breakdown: UsageBreakdown, index: number, day: UsageDay): void {
    const { cells: base } = this.#base;
    const split = this.#split;
    const column = eventColumn(breakdown, day);
    split.begin(this.#events.count);
    this.#splitNumbers.clear();
    for (let event = 0; event < this.#events.count; event++) {
      const cell = base.eventCell[event] ?? 0;
      const value = this.#splitValue(breakdown, column[this.#events.position[event] ?? 0] ?? NO_CODE, event);
      const before = this.#splitNumbers.count;
      const number = this.#splitNumbers.number(cell, value);
      if (number === before) this.#addSplit(index, cell, value);
      split.eventCell[event] = number;
    }
    countCells(split, this.#events, this.#groups);
  }

  /** Code of the event's value, or VIEWS for what counts by the record's values. */
  #splitValue(breakdown: UsageBreakdown, term: number, event: number): number {
    if (breakdown.from === "file" && this.#events.kind[event] === 0) return VIEWS;
    if (term === NO_CODE) return breakdown.notStated;
    const code = breakdown.codeOfTerm[term];
    if (code === undefined) throw new UnknownTermError(breakdown.field ?? breakdown.name, term);
    return code;
  }

  #addSplit(breakdown: number, cell: number, value: number): void {
    const { cells, state, set } = this.#base;
    const list: GroupList =
      value === VIEWS
        ? this.#groups.ofViews(breakdown, state[cell] ?? 0, set[cell] ?? 0)
        : this.#groups.ofValue(breakdown, value, set[cell] ?? 0);
    this.#split.add({ record: cells.record[cell] ?? 0, parent: cells.parent[cell] ?? 0, ...list });
  }
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
