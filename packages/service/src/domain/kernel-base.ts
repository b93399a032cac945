import type { DayNumber } from "@community-stats/contract/days.ts";
import { grownInt32 } from "./int-arrays.ts";
import { Division, type DivisionOptions } from "./kernel-division.ts";
import type { Cells } from "./kernel-cells.ts";
import { CounterTable, STRIDE, takeGroup } from "./kernel-counters.ts";
import type { UsageDims } from "./kernel-dims.ts";
import { NO_TERM, type SelectedEvents, type UsageDay } from "./kernel-events.ts";
import { UNKNOWN_STATE, type ValueLists } from "./kernel-values.ts";
import { Grouping, Numbering } from "./kernel-numbering.ts";
import { type RecordUse, USAGE_WIDTH } from "./kernel-output.ts";
import type { ScopeSets } from "./kernel-scopes.ts";
import { recordAt, stateAtEndOfDay } from "./record-history.ts";

/** Cells by (record, community set, parent), the finest division by what belongs to the record. */
export class BaseCells {
  readonly division: Division;
  readonly cells: Cells;
  /** Positions of events by cell. */
  readonly eventsOf = new Grouping();
  /** State at the end of the day of each cell. */
  state = new Int32Array(0);
  /** Which (record, set) a cell belongs to, and those pairs. */
  pair = new Int32Array(0);
  pairRecord = new Int32Array(0);
  pairSet = new Int32Array(0);
  readonly #records = new Numbering();
  readonly #parents = new Numbering();
  readonly #pairs = new Numbering();
  readonly #numbers = new Numbering();
  readonly #table = new CounterTable();

  constructor(options: Omit<DivisionOptions, "manyValues">) {
    this.division = new Division({ ...options, manyValues: true });
    this.cells = this.division.cells;
  }

  build(tables: BaseTables, { day, events }: { readonly day: UsageDay; readonly events: SelectedEvents }): void {
    this.cells.begin(events.count);
    for (const numbers of [this.#records, this.#parents, this.#pairs, this.#numbers]) numbers.clear();
    const last = { record: NaN, set: NaN, parent: NaN, cell: 0 };
    for (let event = 0; event < events.count; event++) {
      const position = events.position[event] ?? 0;
      const record = day.record[position] ?? 0;
      const set = tables.sets.ofEvent(day.communitySet[position] ?? NO_TERM, record, day.instant[position] ?? 0);
      const parent = day.parent[position] ?? NO_TERM;
      // Stores give the events of one record as neighbours where they can.
      if (record !== last.record || set !== last.set || parent !== last.parent) {
        last.cell = this.#cell(tables, { record, set, parent, day: day.day });
        last.record = record;
        last.set = set;
        last.parent = parent;
      }
      this.cells.eventCell[event] = last.cell;
    }
    this.eventsOf.build(this.cells.eventCell, events.count, this.cells.count);
  }

  #cell(tables: BaseTables, { record, set, parent, day }: CellKey): number {
    const pair = this.#pair(record, set);
    const before = this.#numbers.count;
    const cell = this.#numbers.number(pair, parent);
    if (cell === before) this.#add(tables, { pair, parent, day });
    return cell;
  }

  #pair(record: number, set: number): number {
    const before = this.#pairs.count;
    const pair = this.#pairs.number(record, set);
    if (pair < before) return pair;
    this.pairRecord = grownInt32(this.pairRecord, pair + 1);
    this.pairSet = grownInt32(this.pairSet, pair + 1);
    this.pairRecord[pair] = record;
    this.pairSet[pair] = set;
    return pair;
  }

  #add(
    { dims, lists }: BaseTables,
    cell: { readonly pair: number; readonly parent: number; readonly day: DayNumber },
  ): void {
    const at = this.cells.count;
    this.state = grownInt32(this.state, at + 1);
    this.pair = grownInt32(this.pair, at + 1);
    const record = this.pairRecord[cell.pair] ?? 0;
    const index = recordAt(dims.history, record);
    const state = index < 0 ? UNKNOWN_STATE : stateAtEndOfDay(dims.history, index, cell.day);
    const list = lists.ofState(state);
    this.state[at] = state;
    this.pair[at] = cell.pair;
    this.cells.add({
      record: this.#records.number(record, 0),
      parent: cell.parent === NO_TERM ? NO_TERM : this.#parents.number(cell.parent, 0),
      set: this.pairSet[cell.pair] ?? 0,
      from: lists.from[list] ?? 0,
      to: lists.to[list] ?? 0,
    });
  }

  /** Counts once more, every (record, set) as one group. The cells must be tallied. */
  countRecords(): RecordUse {
    const count = this.#pairs.count;
    const table = this.#table;
    table.reserve(count);
    this.cells.countInto(table, this.pair);
    const counters = new Float64Array(count * USAGE_WIDTH);
    for (let pair = 0; pair < count; pair++)
      takeGroup(table, pair * STRIDE, { into: counters, at: pair * USAGE_WIDTH });
    return { count, record: this.pairRecord.slice(0, count), set: this.pairSet.slice(0, count), counters };
  }
}

interface CellKey {
  readonly record: number;
  readonly set: number;
  readonly parent: number;
  readonly day: DayNumber;
}

export interface BaseTables {
  readonly dims: UsageDims;
  readonly sets: ScopeSets;
  readonly lists: ValueLists;
}
