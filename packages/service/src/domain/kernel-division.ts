import { Cells, type DayEvents } from "./kernel-cells.ts";
import type { CounterTable, Entity } from "./kernel-counters.ts";
import {
  BYTES_AT,
  COUNTERS,
  DOWNLOAD_EVENTS,
  ENTITIES,
  stampGroup,
  STRIDE,
  VIEW_EVENTS,
  VISITORS,
} from "./kernel-counters.ts";
import type { MetValues } from "./kernel-met-values.ts";
import { ByScope, PartedRuns, type SetScopes } from "./kernel-runs.ts";

/**
 * A division of the day's events into cells, counted scope by scope: the groups of one scope are few enough to stay in the nearest
 * cache, which those of all scopes together are not.
 */
export class Division {
  readonly cells: Cells;
  readonly #cellsByScope: ByScope;
  readonly #runsByScope: readonly ByScope[];
  readonly #parted: readonly PartedRuns[];

  constructor({ globalScope, manyValues, met }: DivisionOptions) {
    this.cells = new Cells(met);
    this.#cellsByScope = new ByScope(globalScope);
    this.#runsByScope = ENTITIES.map(() => new ByScope(globalScope));
    this.#parted = ENTITIES.map(() => new PartedRuns(manyValues));
  }

  /** Tallies the cells, which are all added, and brings them together by scope. */
  prepare(events: DayEvents, pool: Int32Array, sets: ScopesOfSets): void {
    this.cells.tallyEvents(events, pool);
    const { set } = this.cells;
    this.#cellsByScope.build({ count: this.cells.count, cell: null, set }, sets, sets.scopeLimit);
    this.cells.runs.forEach((runs, index) => {
      this.#runsByScope[index]?.build({ count: runs.count, cell: runs.cell, set }, sets, sets.scopeLimit);
    });
  }

  hasScope(scope: number): boolean {
    this.#cellsByScope.choose(scope);
    return this.#cellsByScope.start < this.#cellsByScope.end;
  }

  /** Adds what counts in the scope to the groups of the table; the group of a value stands at value × STRIDE. */
  count(scope: number, into: CountedInto): void {
    if (!this.hasScope(scope)) return;
    for (let index = 0; index < ENTITIES.length; index++) this.#part(index, scope);
    for (let index = 0; index < ENTITIES.length; index++) this.#tallyAlone(index, 1);
    for (let index = 0; index < ENTITIES.length; index++) this.#stamp(index, into);
    this.#addTallies(into);
    for (let index = 0; index < ENTITIES.length; index++) this.#tallyAlone(index, -1);
  }

  #part(index: number, scope: number): void {
    const runs = this.cells.runs[index];
    const byScope = this.#runsByScope[index];
    if (runs === undefined || byScope === undefined) return;
    byScope.choose(scope);
    this.#parted[index]?.part(runs, byScope);
  }

  /** What meets only one of its cells in this scope is tallied there, while the scope is counted; `sign` -1 takes it back. */
  #tallyAlone(index: number, sign: number): void {
    const runs = this.cells.runs[index];
    const parted = this.#parted[index];
    const entity = ENTITIES[index];
    if (runs === undefined || parted === undefined || entity === undefined) return;
    const { tally } = this.cells;
    const { cell, bits } = runs;
    const { alone, aloneCount } = parted;
    for (let entry = 0; entry < aloneCount; entry++) {
      const position = alone[entry] ?? 0;
      const seen = bits[position] ?? 0;
      const at = (cell[position] ?? 0) * COUNTERS;
      tally[at + entity.view] = (tally[at + entity.view] ?? 0) + sign * (seen & 1);
      tally[at + entity.download] = (tally[at + entity.download] ?? 0) + sign * (seen >> 1);
      if (entity.either >= 0) tally[at + entity.either] = (tally[at + entity.either] ?? 0) + sign;
    }
  }

  /** Counts what meets several cells in this scope once in every group. */
  #stamp(index: number, { pool, table: { ints } }: CountedInto): void {
    const runs = this.cells.runs[index];
    const parted = this.#parted[index];
    const entity = ENTITIES[index];
    if (runs === undefined || parted === undefined || entity === undefined) return;
    const { from, to } = this.cells;
    const { key, cell: cellOf, bits: bitsOf } = runs;
    const { shared, sharedStart, sharedEnd } = parted;
    for (let entry = sharedStart; entry < sharedEnd; entry++) {
      const position = shared[entry] ?? 0;
      const cell = cellOf[position] ?? 0;
      const values = { pool, start: from[cell] ?? 0, end: to[cell] ?? 0 };
      const seen = { stamp: (key[position] ?? 0) + 1, bits: bitsOf[position] ?? 0 };
      if (entity === VISITORS) stampVisitor(ints, values, seen);
      else stampOther(ints, values, { ...seen, entity });
    }
  }

  #addTallies({ pool, table }: CountedInto): void {
    const { cells } = this;
    const { order, start, end } = this.#cellsByScope;
    for (let entry = start; entry < end; entry++) {
      const cell = order[entry] ?? 0;
      const values = { pool, start: cells.from[cell] ?? 0, end: cells.to[cell] ?? 0 };
      markGroups(table, values);
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
}

export interface DivisionOptions {
  readonly globalScope: number;
  /** Whether a cell counts for many values: then it pays to count together what only it has. */
  readonly manyValues: boolean;
  /** With room for all values. */
  readonly met: MetValues;
}

export interface ScopesOfSets extends SetScopes {
  /** Scopes lie below. */
  readonly scopeLimit: number;
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
  seen: Seen & { readonly entity: Entity },
): void {
  for (let at = start; at < end; at++) stampGroup(ints, (pool[at] ?? 0) * STRIDE, seen);
}

function markGroups(table: CounterTable, { pool, start, end }: CellValues): void {
  for (let at = start; at < end; at++) table.mark(pool[at] ?? 0);
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
