import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import type { Entity } from "./kernel-counters.ts";
import type { CounterTable } from "./kernel-counters.ts";
import { BYTES_AT, COUNTERS, DOWNLOAD_EVENTS, VIEW_EVENTS } from "./kernel-counters.ts";
import { FILES, PARENTS, RECORDS, VISITORS } from "./kernel-counters.ts";
import { Grouping } from "./kernel-numbering.ts";

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

/** Where cells are counted: the offsets of their groups, all lists one after another, and the groups' counters. */
export interface CountedGroups {
  readonly offsets: Int32Array;
  readonly table: CounterTable;
}

/**
 * Events that count in exactly the same groups form a cell. Whatever belongs to one cell only (most visitors' visits, files, records)
 * is counted once in the cell and added to its groups at the end; only what meets several cells needs a stamp in every group.
 */
export class Cells {
  count = 0;
  /** Of each event. */
  eventCell = new Int32Array(0);
  /** Day's own dense numbers; parent -1 where there is none. */
  record = new Int32Array(0);
  parent = new Int32Array(0);
  /** The cell's groups: `offsets[from..to)` of the pool. */
  from = new Int32Array(0);
  to = new Int32Array(0);
  /** Counters of each cell, in the order of a group's. */
  tally = new Int32Array(0);
  bytes = new Float64Array(0);
  readonly byRecord = new Grouping();
  readonly byParent = new Grouping();
  /** Scratch: the number of the run that saw the cell last, what it saw, and the cells of the present run. */
  seen = new Int32Array(0);
  bits = new Uint8Array(0);
  run = new Int32Array(0);

  begin(events: number): void {
    this.count = 0;
    this.eventCell = grownInt32(this.eventCell, events);
  }

  add(cell: { readonly record: number; readonly parent: number; readonly from: number; readonly to: number }): void {
    const at = this.count++;
    if (at >= this.record.length) this.#grow();
    this.record[at] = cell.record;
    this.parent[at] = cell.parent;
    this.from[at] = cell.from;
    this.to[at] = cell.to;
  }

  #grow(): void {
    this.record = grownInt32(this.record, this.count);
    this.parent = grownInt32(this.parent, this.count);
    this.from = grownInt32(this.from, this.count);
    this.to = grownInt32(this.to, this.count);
  }

  /** Readies tallies and scratch for the cells added. */
  prepare(): void {
    this.tally = grownInt32(this.tally, this.count * COUNTERS).fill(0, 0, this.count * COUNTERS);
    this.bytes = grownFloat64(this.bytes, this.count).fill(0, 0, this.count);
    this.seen = grownInt32(this.seen, this.count);
    this.run = grownInt32(this.run, this.count);
    if (this.bits.length < this.count) this.bits = new Uint8Array(this.seen.length);
  }
}

/** Counts the events of a day in all groups of their cells. */
export function countCells(cells: Cells, events: DayEvents, groups: CountedGroups): void {
  cells.prepare();
  sumEvents(cells, events);
  const stamper = new Stamper(cells, groups);
  countEventRuns(stamper, events, VISITORS);
  countEventRuns(stamper, events, FILES);
  cells.byRecord.build(cells.record, cells.count, 1 + greatest(cells.record, cells.count));
  countCellRuns(stamper, cells.byRecord, RECORDS);
  cells.byParent.build(cells.parent, cells.count, 1 + greatest(cells.parent, cells.count));
  countCellRuns(stamper, cells.byParent, PARENTS);
  addTallies(cells, groups);
}

function sumEvents(cells: Cells, events: DayEvents): void {
  const { eventCell, tally, bytes } = cells;
  for (let event = 0; event < events.count; event++) {
    const cell = eventCell[event] ?? 0;
    const download = events.kind[event] ?? 0;
    const at = cell * COUNTERS + (download === 0 ? VIEW_EVENTS : DOWNLOAD_EVENTS);
    tally[at] = (tally[at] ?? 0) + 1;
    if (download !== 0) bytes[cell] = (bytes[cell] ?? 0) + (events.bytes[event] ?? 0);
  }
}

/** Visitors and files: a run is the events of one of them. */
function countEventRuns(stamper: Stamper, events: DayEvents, entity: Entity): void {
  const { kind } = events;
  const { seen, bits, run, eventCell, count } = stamper.cells;
  const { starts, order, keyCount } = entity === VISITORS ? events.visitors : events.files;
  seen.fill(0, 0, count);
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
    stamper.countRun(met, stamp, entity);
  }
}

/** Records and parents: a run is the cells of one of them. */
function countCellRuns(stamper: Stamper, runs: Grouping, entity: Entity): void {
  const { bits, run, tally } = stamper.cells;
  const { starts, order, keyCount } = runs;
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
    stamper.countRun(end - start, key + 1, entity);
  }
}

class Stamper {
  readonly cells: Cells;
  readonly #offsets: Int32Array;
  readonly #ints: Int32Array;

  constructor(cells: Cells, groups: CountedGroups) {
    this.cells = cells;
    this.#offsets = groups.offsets;
    this.#ints = groups.table.ints;
  }

  /** The first `met` cells of the scratch run are those of one entity. */
  countRun(met: number, stamp: number, entity: Entity): void {
    const { run } = this.cells;
    if (met === 1) this.#countAlone(run[0] ?? 0, entity);
    else for (let index = 0; index < met; index++) this.#stampGroups(run[index] ?? 0, stamp, entity);
  }

  #countAlone(cell: number, entity: Entity): void {
    const { tally, bits } = this.cells;
    const seen = bits[cell] ?? 0;
    const at = cell * COUNTERS;
    if ((seen & 1) !== 0) tally[at + entity.view] = (tally[at + entity.view] ?? 0) + 1;
    if ((seen & 2) !== 0) tally[at + entity.download] = (tally[at + entity.download] ?? 0) + 1;
    if (entity.either >= 0) tally[at + entity.either] = (tally[at + entity.either] ?? 0) + 1;
  }

  #stampGroups(cell: number, stamp: number, entity: Entity): void {
    const ints = this.#ints;
    const offsets = this.#offsets;
    const bits = this.cells.bits[cell] ?? 0;
    const { view, download, either, stamp: stampAt } = entity;
    const end = this.cells.to[cell] ?? 0;
    for (let at = this.cells.from[cell] ?? 0; at < end; at++) {
      const group = offsets[at] ?? 0;
      const word = ints[group + stampAt] ?? 0;
      const known = word >>> 2 === stamp ? word & 3 : 0;
      const fresh = bits & ~known;
      if (fresh === 0) continue;
      if ((fresh & 1) !== 0) ints[group + view] = (ints[group + view] ?? 0) + 1;
      if ((fresh & 2) !== 0) ints[group + download] = (ints[group + download] ?? 0) + 1;
      if (known === 0 && either >= 0) ints[group + either] = (ints[group + either] ?? 0) + 1;
      ints[group + stampAt] = (stamp << 2) | known | bits;
    }
  }
}

function addTallies(cells: Cells, groups: CountedGroups): void {
  const parts = { counter: new Int32Array(COUNTERS), value: new Int32Array(COUNTERS), count: 0 };
  for (let cell = 0; cell < cells.count; cell++) {
    collectParts(cells, cell, parts);
    addTally(cells, cell, { groups, parts });
  }
}

/** The counters of a cell that are not zero: in most cells a few. */
interface TallyParts {
  readonly counter: Int32Array;
  readonly value: Int32Array;
  count: number;
}

function collectParts({ tally }: Cells, cell: number, parts: TallyParts): void {
  const base = cell * COUNTERS;
  let count = 0;
  for (let counter = 0; counter < COUNTERS; counter++) {
    const value = tally[base + counter] ?? 0;
    if (value === 0) continue;
    parts.counter[count] = counter;
    parts.value[count++] = value;
  }
  parts.count = count;
}

function addTally(
  cells: Cells,
  cell: number,
  { groups, parts }: { readonly groups: CountedGroups; readonly parts: TallyParts },
): void {
  const { offsets, table } = groups;
  const { ints, floats } = table;
  const { counter, value, count } = parts;
  const bytes = cells.bytes[cell] ?? 0;
  const end = cells.to[cell] ?? 0;
  for (let at = cells.from[cell] ?? 0; at < end; at++) {
    const group = offsets[at] ?? 0;
    if (ints[group + VIEW_EVENTS] === 0 && ints[group + DOWNLOAD_EVENTS] === 0) table.touch(group);
    for (let part = 0; part < count; part++) {
      const place = group + (counter[part] ?? 0);
      ints[place] = (ints[place] ?? 0) + (value[part] ?? 0);
    }
    if (bytes !== 0) floats[group / 2 + BYTES_AT] = (floats[group / 2 + BYTES_AT] ?? 0) + bytes;
  }
}

function greatest(values: Int32Array, count: number): number {
  let most = -1;
  for (let index = 0; index < count; index++) most = Math.max(most, values[index] ?? -1);
  return most;
}
