import type { DayNumber } from "@community-stats/contract/days.ts";
import { grownInt32 } from "./int-arrays.ts";
import { Cells, countCells } from "./kernel-cells.ts";
import { CounterTable, readGroup, STRIDE } from "./kernel-counters.ts";
import type { UsageDims } from "./kernel-dims.ts";
import { NO_CODE, type SelectedEvents, type UsageDay } from "./kernel-events.ts";
import { UNKNOWN_STATE } from "./kernel-groups.ts";
import { Numbering } from "./kernel-numbering.ts";
import { type RecordUse, USAGE_WIDTH } from "./kernel-output.ts";
import type { ScopeSets } from "./kernel-scopes.ts";
import { recordAt, stateAtEndOfDay } from "./record-history.ts";

/** Cells by (record, community set, parent), the finest division by what belongs to the record. */
export class BaseCells {
  readonly cells = new Cells();
  /** State at the end of the day and community set of each cell. */
  state = new Int32Array(0);
  set = new Int32Array(0);
  /** Which (record, set) a cell belongs to, and those pairs. */
  pair = new Int32Array(0);
  pairRecord = new Int32Array(0);
  pairSet = new Int32Array(0);
  readonly #records = new Numbering();
  readonly #parents = new Numbering();
  readonly #pairs = new Numbering();
  readonly #numbers = new Numbering();
  readonly #perPair = new Cells();
  readonly #table = new CounterTable();

  build(dims: UsageDims, sets: ScopeSets, source: { readonly day: UsageDay; readonly events: SelectedEvents }): void {
    const { day, events } = source;
    this.cells.begin(events.count);
    for (const numbers of [this.#records, this.#parents, this.#pairs, this.#numbers]) numbers.clear();
    for (let event = 0; event < events.count; event++) {
      const position = events.position[event] ?? 0;
      const record = day.record[position] ?? 0;
      const set = sets.ofEvent(day.communitySet[position] ?? NO_CODE, record, day.instant[position] ?? 0);
      const pair = this.#pair(record, set);
      const parent = day.parent[position] ?? NO_CODE;
      const before = this.#numbers.count;
      const cell = this.#numbers.number(pair, parent);
      if (cell === before) this.#add(dims, { pair, parent, day: day.day });
      this.cells.eventCell[event] = cell;
    }
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

  #add(dims: UsageDims, cell: { readonly pair: number; readonly parent: number; readonly day: DayNumber }): void {
    const at = this.cells.count;
    this.state = grownInt32(this.state, at + 1);
    this.set = grownInt32(this.set, at + 1);
    this.pair = grownInt32(this.pair, at + 1);
    const record = this.pairRecord[cell.pair] ?? 0;
    const index = recordAt(dims.history, record);
    this.state[at] = index < 0 ? UNKNOWN_STATE : stateAtEndOfDay(dims.history, index, cell.day);
    this.set[at] = this.pairSet[cell.pair] ?? 0;
    this.pair[at] = cell.pair;
    this.cells.add({
      record: this.#records.number(record, 0),
      parent: cell.parent === NO_CODE ? NO_CODE : this.#parents.number(cell.parent, 0),
      from: 0,
      to: 0,
    });
  }

  /** Counts once more with every (record, set) as a group of its own. */
  countRecords(events: SelectedEvents): RecordUse {
    const count = this.#pairs.count;
    const offsets = Int32Array.from({ length: count }, (_, pair) => pair * STRIDE);
    this.#table.reserve(count);
    this.#copyCells(events.count);
    countCells(this.#perPair, events, { offsets, table: this.#table });
    const counters = new Float64Array(count * USAGE_WIDTH);
    for (let pair = 0; pair < count; pair++) {
      readGroup(this.#table, pair * STRIDE, counters.subarray(pair * USAGE_WIDTH, (pair + 1) * USAGE_WIDTH));
    }
    this.#table.reset();
    return { count, record: this.pairRecord.slice(0, count), set: this.pairSet.slice(0, count), counters };
  }

  #copyCells(events: number): void {
    const { cells, pair } = this;
    this.#perPair.begin(events);
    this.#perPair.eventCell.set(cells.eventCell.subarray(0, events));
    for (let cell = 0; cell < cells.count; cell++) {
      const from = pair[cell] ?? 0;
      this.#perPair.add({ record: cells.record[cell] ?? 0, parent: cells.parent[cell] ?? 0, from, to: from + 1 });
    }
  }
}
