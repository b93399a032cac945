import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import type { CounterTable, Entity } from "./kernel-counters.ts";
import {
  BYTES_AT,
  COUNTERS,
  DOWNLOAD_EVENTS,
  ENTITIES,
  FILES,
  PARENTS,
  RECORDS,
  stampGroup,
  STRIDE,
  VIEW_EVENTS,
  VISITORS,
} from "./kernel-counters.ts";
import type { MetValues } from "./kernel-met-values.ts";
import { Grouping } from "./kernel-numbering.ts";
import { Runs } from "./kernel-runs.ts";

/** The events of one day that count, as parallel columns, with the day's visitors and downloaded files brought together. */
export interface DayEvents {
  readonly count: number;
  /** 0 view, 1 download. */
  readonly kind: Uint8Array;
  readonly bytes: Float64Array;
  /** Positions of events by visitor. */
  readonly visitors: Grouping;
  /** Positions of downloads by file. */
  readonly files: Grouping;
}

/**
 * Events that count for exactly the same values in the same scopes form a cell. Whatever belongs to one cell only (most files and
 * records) is counted once in the cell's tally; what meets several cells is kept as a run, to be told apart in every scope.
 */
export class Cells {
  count = 0;
  /** Of each event. */
  eventCell = new Int32Array(0);
  /** Day's own dense numbers; parent -1 where there is none. */
  record = new Int32Array(0);
  parent = new Int32Array(0);
  /** Community set: in which scopes the cell counts. */
  set = new Int32Array(0);
  /** The cell's values: `pool[from..to)` of the lists. */
  from = new Int32Array(0);
  to = new Int32Array(0);
  /** Counters of each cell, in the order of a group's. */
  tally = new Int32Array(0);
  bytes = new Float64Array(0);
  /** What meets several cells, in the order of `ENTITIES`. */
  readonly runs: readonly Runs[] = ENTITIES.map(() => new Runs());
  readonly #groupings = [new Grouping(), new Grouping()] as const;
  /** Scratch: the number of the run that saw the cell last, what it saw, and the cells of the present run. */
  #seen = new Int32Array(0);
  #bits = new Uint8Array(0);
  #run = new Int32Array(0);
  readonly #met: MetValues;
  #pool: Int32Array = this.#run;

  /** `met` is used while cells are tallied; divisions may share it. */
  constructor(met: MetValues) {
    this.#met = met;
  }

  begin(events: number): void {
    this.count = 0;
    this.eventCell = grownInt32(this.eventCell, events);
  }

  add(cell: {
    readonly record: number;
    readonly parent: number;
    readonly set: number;
    readonly from: number;
    readonly to: number;
  }): void {
    const at = this.count++;
    if (at >= this.record.length) this.#grow();
    this.record[at] = cell.record;
    this.parent[at] = cell.parent;
    this.set[at] = cell.set;
    this.from[at] = cell.from;
    this.to[at] = cell.to;
  }

  /** Tallies the events of all cells, once these are added; `pool` holds their values. */
  tallyEvents(events: DayEvents, pool: Int32Array): void {
    this.#prepare();
    this.#pool = pool;
    this.#sum(events);
    const [visitors, files, records, parents] = this.runs;
    if (visitors !== undefined) this.#collectEvents(events, { of: events.visitors, entity: VISITORS, runs: visitors });
    if (files !== undefined) this.#collectEvents(events, { of: events.files, entity: FILES, runs: files });
    const [byRecord, byParent] = this.#groupings;
    byRecord.build(this.record, this.count, 1 + greatest(this.record, this.count));
    if (records !== undefined) this.#collectCells({ of: byRecord, entity: RECORDS, runs: records });
    byParent.build(this.parent, this.count, 1 + greatest(this.parent, this.count));
    if (parents !== undefined) this.#collectCells({ of: byParent, entity: PARENTS, runs: parents });
  }

  /** Counts every cell in its group of the table, `group` being by cell. Nothing is marked. */
  countInto({ ints, floats }: CounterTable, group: Int32Array): void {
    for (let cell = 0; cell < this.count; cell++) {
      const at = (group[cell] ?? 0) * STRIDE;
      for (let counter = 0; counter < COUNTERS; counter++) {
        ints[at + counter] = (ints[at + counter] ?? 0) + (this.tally[cell * COUNTERS + counter] ?? 0);
      }
      floats[at / 2 + BYTES_AT] = (floats[at / 2 + BYTES_AT] ?? 0) + (this.bytes[cell] ?? 0);
    }
    this.runs.forEach((runs, index) => {
      const entity = ENTITIES[index];
      if (entity !== undefined) stampRuns(ints, runs, { entity, group });
    });
  }

  #grow(): void {
    this.record = grownInt32(this.record, this.count);
    this.parent = grownInt32(this.parent, this.count);
    this.set = grownInt32(this.set, this.count);
    this.from = grownInt32(this.from, this.count);
    this.to = grownInt32(this.to, this.count);
  }

  #prepare(): void {
    this.tally = grownInt32(this.tally, this.count * COUNTERS).fill(0, 0, this.count * COUNTERS);
    this.bytes = grownFloat64(this.bytes, this.count).fill(0, 0, this.count);
    this.#seen = grownInt32(this.#seen, this.count);
    this.#run = grownInt32(this.#run, this.count);
    if (this.#bits.length < this.count) this.#bits = new Uint8Array(this.#seen.length);
    for (const runs of this.runs) runs.clear();
  }

  #sum(events: DayEvents): void {
    const { eventCell, tally, bytes } = this;
    for (let event = 0; event < events.count; event++) {
      const cell = eventCell[event] ?? 0;
      const download = events.kind[event] ?? 0;
      const at = cell * COUNTERS + (download === 0 ? VIEW_EVENTS : DOWNLOAD_EVENTS);
      tally[at] = (tally[at] ?? 0) + 1;
      if (download !== 0) bytes[cell] = (bytes[cell] ?? 0) + (events.bytes[event] ?? 0);
    }
  }

  /** Visitors and files: a run is the events of one of them. */
  #collectEvents({ kind }: DayEvents, { of, entity, runs }: Collecting): void {
    const { eventCell } = this;
    const seen = this.#seen.fill(0, 0, this.count);
    const bits = this.#bits;
    const run = this.#run;
    const { starts, order, keyCount } = of;
    for (let key = 0; key < keyCount; key++) {
      const stamp = key + 1;
      const end = starts[key + 1] ?? 0;
      let met = 0;
      for (let at = starts[key] ?? 0; at < end; at++) {
        const event = order[at] ?? 0;
        const cell = eventCell[event] ?? 0;
        const bit = 1 + (kind[event] ?? 0);
        if (seen[cell] === stamp) bits[cell] = (bits[cell] ?? 0) | bit;
        else {
          seen[cell] = stamp;
          bits[cell] = bit;
          run[met++] = cell;
        }
      }
      this.#endRun(met, key, { entity, runs });
    }
  }

  /** Records and parents: a run is the cells of one of them. */
  #collectCells({ of, entity, runs }: Collecting): void {
    const { tally } = this;
    const bits = this.#bits;
    const run = this.#run;
    const { starts, order, keyCount } = of;
    for (let key = 0; key < keyCount; key++) {
      const start = starts[key] ?? 0;
      const end = starts[key + 1] ?? 0;
      for (let at = start; at < end; at++) {
        const cell = order[at] ?? 0;
        const views = tally[cell * COUNTERS + VIEW_EVENTS] ?? 0;
        const downloads = tally[cell * COUNTERS + DOWNLOAD_EVENTS] ?? 0;
        bits[cell] = (views > 0 ? 1 : 0) | (downloads > 0 ? 2 : 0);
        run[at - start] = cell;
      }
      this.#endRun(end - start, key, { entity, runs });
    }
  }

  /** The first `met` cells of the scratch run are those of one entity. */
  #endRun(met: number, key: number, { entity, runs }: Omit<Collecting, "of">): void {
    const run = this.#run;
    const bits = this.#bits;
    if (met === 1) this.#tallyAlone(run[0] ?? 0, entity);
    else if (entity.either < 0 && this.#areApart(met)) {
      for (let index = 0; index < met; index++) this.#tallyAlone(run[index] ?? 0, entity);
    } else for (let index = 0; index < met; index++) runs.add(key, run[index] ?? 0, bits[run[index] ?? 0] ?? 0);
  }

  /** Whether the cells of the scratch run have no value in common, views and downloads for themselves: then nothing is counted twice. */
  #areApart(met: number): boolean {
    this.#met.begin();
    for (let index = 0; index < met; index++) {
      const cell = this.#run[index] ?? 0;
      const values = { pool: this.#pool, start: this.from[cell] ?? 0, end: this.to[cell] ?? 0 };
      if (!this.#met.add(values, this.#bits[cell] ?? 0)) return false;
    }
    return true;
  }

  #tallyAlone(cell: number, entity: Entity): void {
    const { tally } = this;
    const seen = this.#bits[cell] ?? 0;
    const at = cell * COUNTERS;
    if ((seen & 1) !== 0) tally[at + entity.view] = (tally[at + entity.view] ?? 0) + 1;
    if ((seen & 2) !== 0) tally[at + entity.download] = (tally[at + entity.download] ?? 0) + 1;
    if (entity.either >= 0) tally[at + entity.either] = (tally[at + entity.either] ?? 0) + 1;
  }
}

/** Counts each key once in every group that any of its cells belongs to. */
function stampRuns(
  ints: Int32Array,
  { count, key, cell, bits }: Runs,
  { entity, group }: { readonly entity: Entity; readonly group: Int32Array },
): void {
  for (let position = 0; position < count; position++) {
    const at = (group[cell[position] ?? 0] ?? 0) * STRIDE;
    stampGroup(ints, at, { entity, stamp: (key[position] ?? 0) + 1, bits: bits[position] ?? 0 });
  }
}

interface Collecting {
  readonly of: Grouping;
  readonly entity: Entity;
  readonly runs: Runs;
}

function greatest(values: Int32Array, count: number): number {
  let most = -1;
  for (let index = 0; index < count; index++) most = Math.max(most, values[index] ?? -1);
  return most;
}
