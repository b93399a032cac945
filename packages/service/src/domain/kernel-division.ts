import { Cells, type DayEvents } from "./kernel-cells.ts";
import type { CounterTable, Entity } from "./kernel-counters.ts";
import { BYTES_AT, COUNTERS, DOWNLOAD_EVENTS, ENTITIES, STRIDE, VIEW_EVENTS, VISITORS } from "./kernel-counters.ts";
import { ByScope, type SetScopes } from "./kernel-runs.ts";

/**
 * A division of the day's events into cells, counted scope by scope: the groups of one scope are few enough to stay in the nearest
 * cache, which those of all scopes together are not.
 */
export class Division {
  readonly cells = new Cells();
  readonly #cellsByScope = new ByScope();
  readonly #runsByScope = ENTITIES.map(() => new ByScope());

  /** Tallies the cells, which are all added. Scopes lie below `scopes`. */
  prepare(events: DayEvents, sets: SetScopes, scopes: number): void {
    this.cells.tallyEvents(events);
    this.bringTogether(sets, scopes);
  }

  /** Once more, for other scopes: cells keep their tallies, their sets are given anew. */
  bringTogether(sets: SetScopes, scopes: number, set: Int32Array = this.cells.set): void {
    this.#cellsByScope.build({ count: this.cells.count, cell: null, set }, sets, scopes);
    this.cells.runs.forEach((runs, index) => {
      this.#runsByScope[index]?.build({ count: runs.count, cell: runs.cell, set }, sets, scopes);
    });
  }

  hasScope(scope: number): boolean {
    const { starts } = this.#cellsByScope;
    return (starts[scope] ?? 0) < (starts[scope + 1] ?? 0);
  }

  /** Adds what counts in the scope to the groups of the table; the group of a value stands at value × STRIDE. */
  count(scope: number, into: CountedInto): void {
    for (let index = 0; index < ENTITIES.length; index++) this.#tallyAlone(scope, index, 1);
    for (let index = 0; index < ENTITIES.length; index++) this.#stamp(scope, index, into);
    this.#addTallies(scope, into);
    for (let index = 0; index < ENTITIES.length; index++) this.#tallyAlone(scope, index, -1);
  }

  /** What meets only one of its cells in this scope is tallied there, while the scope is counted; `sign` -1 takes it back. */
  #tallyAlone(scope: number, index: number, sign: number): void {
    const runs = this.cells.runs[index];
    const byScope = this.#runsByScope[index];
    const entity = ENTITIES[index];
    if (runs === undefined || byScope === undefined || entity === undefined || runs.count === 0) return;
    const { tally } = this.cells;
    const { order, starts } = byScope;
    const { key, cell, bits } = runs;
    const first = starts[scope] ?? 0;
    const end = starts[scope + 1] ?? 0;
    for (let entry = first; entry < end; entry++) {
      const position = order[entry] ?? 0;
      const own = key[position] ?? 0;
      if (entry > first && key[order[entry - 1] ?? 0] === own) continue;
      if (entry + 1 < end && key[order[entry + 1] ?? 0] === own) continue;
      const seen = bits[position] ?? 0;
      const at = (cell[position] ?? 0) * COUNTERS;
      if ((seen & 1) !== 0) tally[at + entity.view] = (tally[at + entity.view] ?? 0) + sign;
      if ((seen & 2) !== 0) tally[at + entity.download] = (tally[at + entity.download] ?? 0) + sign;
      if (entity.either >= 0) tally[at + entity.either] = (tally[at + entity.either] ?? 0) + sign;
    }
  }

  /** Counts what meets several cells in this scope once in every group. */
  #stamp(scope: number, index: number, { pool, table: { ints }, firstOnly }: CountedInto): void {
    const runs = this.cells.runs[index];
    const byScope = this.#runsByScope[index];
    const entity = ENTITIES[index];
    if (runs === undefined || byScope === undefined || entity === undefined || runs.count === 0) return;
    const { from, to } = this.cells;
    const { order, starts } = byScope;
    const { key, cell: cellOf, bits: bitsOf } = runs;
    const first = starts[scope] ?? 0;
    const end = starts[scope + 1] ?? 0;
    let before = -1;
    for (let entry = first; entry < end; entry++) {
      const position = order[entry] ?? 0;
      const own = key[position] ?? 0;
      const isAlone = own !== before && (entry + 1 >= end || key[order[entry + 1] ?? 0] !== own);
      before = own;
      if (isAlone) continue;
      const cell = cellOf[position] ?? 0;
      const start = from[cell] ?? 0;
      const values = { pool, start, end: firstOnly ? start + 1 : (to[cell] ?? 0) };
      if (entity === VISITORS) stampVisitor(ints, values, { stamp: own + 1, bits: bitsOf[position] ?? 0 });
      else stampOther(ints, values, { stamp: own + 1, bits: bitsOf[position] ?? 0, entity });
    }
  }

  #addTallies(scope: number, { pool, table, firstOnly }: CountedInto): void {
    const { cells } = this;
    const { order, starts } = this.#cellsByScope;
    const end = starts[scope + 1] ?? 0;
    for (let entry = starts[scope] ?? 0; entry < end; entry++) {
      const cell = order[entry] ?? 0;
      const start = cells.from[cell] ?? 0;
      const values = { pool, start, end: firstOnly ? start + 1 : (cells.to[cell] ?? 0) };
      touchGroups(table, values);
      const base = cell * COUNTERS;
      if (cells.tally[base + VIEW_EVENTS] !== 0) addViews(table, values, cells.tally, base);
      if (cells.tally[base + DOWNLOAD_EVENTS] !== 0) addDownloads(table, values, cells, cell);
    }
  }
}

/** Where a division is counted. */
export interface CountedInto {
  readonly table: CounterTable;
  /** The values of cells (`ValueLists.pool`). */
  readonly pool: Int32Array;
  /** Of each cell's values only the first. */
  readonly firstOnly: boolean;
}

/** Values of one cell: `pool[start..end)`. */
interface CellValues {
  readonly pool: Int32Array;
  readonly start: number;
  readonly end: number;
}

interface Seen {
  readonly stamp: number;
  /** 1 seen in a view, 2 in a download, 3 in both. */
  readonly bits: number;
}

/** The commonest case with its positions written out and without branches: which groups have met a visitor cannot be foreseen. */
function stampVisitor(ints: Int32Array, { pool, start, end }: CellValues, { stamp, bits }: Seen): void {
  for (let at = start; at < end; at++) {
    const group = (pool[at] ?? 0) * STRIDE;
    const word = ints[group + VISITOR_STAMP] ?? 0;
    const known = word >>> 2 === stamp ? word & 3 : 0;
    const fresh = bits & ~known;
    ints[group + 1] = (ints[group + 1] ?? 0) + (fresh & 1);
    ints[group + 5] = (ints[group + 5] ?? 0) + (fresh >> 1);
    ints[group + 9] = (ints[group + 9] ?? 0) + (known === 0 ? 1 : 0);
    ints[group + VISITOR_STAMP] = (stamp << 2) | known | bits;
  }
}
const VISITOR_STAMP = VISITORS.stamp;

function stampOther(
  ints: Int32Array,
  { pool, start, end }: CellValues,
  { stamp, bits, entity }: Seen & { readonly entity: Entity },
): void {
  for (let at = start; at < end; at++) {
    const group = (pool[at] ?? 0) * STRIDE;
    const word = ints[group + entity.stamp] ?? 0;
    const known = word >>> 2 === stamp ? word & 3 : 0;
    const fresh = bits & ~known;
    if (fresh === 0) continue;
    if ((fresh & 1) !== 0) ints[group + entity.view] = (ints[group + entity.view] ?? 0) + 1;
    if ((fresh & 2) !== 0) ints[group + entity.download] = (ints[group + entity.download] ?? 0) + 1;
    ints[group + entity.stamp] = (stamp << 2) | known | bits;
  }
}

function touchGroups(table: CounterTable, { pool, start, end }: CellValues): void {
  const { ints } = table;
  for (let at = start; at < end; at++) {
    const group = (pool[at] ?? 0) * STRIDE;
    if (ints[group + VIEW_EVENTS] === 0 && ints[group + DOWNLOAD_EVENTS] === 0) table.touch(group);
  }
}

// The counters of `USAGE_COUNTERS` written out: a loop over them takes twice the time, and millions of groups a year pass here.
// oxlint-disable-next-line eslint/max-params -- an object for every cell would be made only to be taken apart
function addViews({ ints }: CounterTable, { pool, start, end }: CellValues, tally: Int32Array, base: number): void {
  const events = tally[base] ?? 0;
  const visitors = tally[base + 1] ?? 0;
  const records = tally[base + 2] ?? 0;
  const parents = tally[base + 3] ?? 0;
  const either = tally[base + 9] ?? 0;
  for (let at = start; at < end; at++) {
    const group = (pool[at] ?? 0) * STRIDE;
    ints[group] = (ints[group] ?? 0) + events;
    ints[group + 1] = (ints[group + 1] ?? 0) + visitors;
    ints[group + 2] = (ints[group + 2] ?? 0) + records;
    ints[group + 3] = (ints[group + 3] ?? 0) + parents;
    ints[group + 9] = (ints[group + 9] ?? 0) + either;
  }
}

// oxlint-disable-next-line eslint/max-params -- as above
function addDownloads(
  { ints, floats }: CounterTable,
  { pool, start, end }: CellValues,
  cells: Cells,
  cell: number,
): void {
  const { tally } = cells;
  const base = cell * COUNTERS;
  const events = tally[base + 4] ?? 0;
  const visitors = tally[base + 5] ?? 0;
  const records = tally[base + 6] ?? 0;
  const parents = tally[base + 7] ?? 0;
  const files = tally[base + 8] ?? 0;
  // A cell with views has added its visitors of either kind with these.
  const either = tally[base] === 0 ? (tally[base + 9] ?? 0) : 0;
  const bytes = cells.bytes[cell] ?? 0;
  for (let at = start; at < end; at++) {
    const group = (pool[at] ?? 0) * STRIDE;
    ints[group + 4] = (ints[group + 4] ?? 0) + events;
    ints[group + 5] = (ints[group + 5] ?? 0) + visitors;
    ints[group + 6] = (ints[group + 6] ?? 0) + records;
    ints[group + 7] = (ints[group + 7] ?? 0) + parents;
    ints[group + 8] = (ints[group + 8] ?? 0) + files;
    ints[group + 9] = (ints[group + 9] ?? 0) + either;
    floats[(group >> 1) + BYTES_AT] = (floats[(group >> 1) + BYTES_AT] ?? 0) + bytes;
  }
}
