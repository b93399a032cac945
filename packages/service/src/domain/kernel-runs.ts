import { grownInt32 } from "./int-arrays.ts";

/** What one visitor, file, record or parent has in each of several cells, those of one key as neighbours. */
export class Runs {
  count = 0;
  key = new Int32Array(0);
  cell = new Int32Array(0);
  /** 1 seen in a view, 2 in a download, 3 in both. */
  bits = new Int32Array(0);

  clear(): void {
    this.count = 0;
  }

  add(key: number, cell: number, bits: number): void {
    const at = this.count++;
    if (at >= this.key.length) this.#grow();
    this.key[at] = key;
    this.cell[at] = cell;
    this.bits[at] = bits;
  }

  #grow(): void {
    this.key = grownInt32(this.key, this.count);
    this.cell = grownInt32(this.cell, this.count);
    this.bits = grownInt32(this.bits, this.count);
  }
}

/** In which scopes the events of a set count: `scopes[starts[set]..starts[set + 1])`. */
export interface SetScopes {
  readonly starts: Int32Array;
  readonly scopes: Int32Array;
}

/** Positions brought together by scope, a position standing in every scope of its set: `order[starts[scope]..starts[scope + 1])`, ascending. */
export class ByScope {
  starts = new Int32Array(0);
  order = new Int32Array(0);

  /** `sets` gives the set of a position; of a position's cell where `cells` names that. Scopes lie below `scopes`. */
  build(positions: ScopedPositions, sets: SetScopes, scopes: number): void {
    this.starts = grownInt32(this.starts, scopes + 2);
    this.starts.fill(0, 0, scopes + 2);
    this.#count(positions, sets);
    const { starts } = this;
    for (let at = 2; at < scopes + 2; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
    this.order = grownInt32(this.order, starts[scopes + 1] ?? 0);
    this.#place(positions, sets);
  }

  #count({ count, cell, set }: ScopedPositions, sets: SetScopes): void {
    const { starts } = this;
    for (let position = 0; position < count; position++) {
      const own = set[cell === null ? position : (cell[position] ?? 0)] ?? 0;
      const end = sets.starts[own + 1] ?? 0;
      for (let at = sets.starts[own] ?? 0; at < end; at++) {
        const slot = (sets.scopes[at] ?? 0) + 2;
        starts[slot] = (starts[slot] ?? 0) + 1;
      }
    }
  }

  // Each scope's start stands one place to the right until its positions have been placed.
  #place({ count, cell, set }: ScopedPositions, sets: SetScopes): void {
    const { starts, order } = this;
    for (let position = 0; position < count; position++) {
      const own = set[cell === null ? position : (cell[position] ?? 0)] ?? 0;
      const end = sets.starts[own + 1] ?? 0;
      for (let at = sets.starts[own] ?? 0; at < end; at++) {
        const slot = (sets.scopes[at] ?? 0) + 1;
        const to = starts[slot] ?? 0;
        order[to] = position;
        starts[slot] = to + 1;
      }
    }
  }
}

export interface ScopedPositions {
  readonly count: number;
  /** Cell of each position, or null where positions are cells. */
  readonly cell: Int32Array | null;
  /** Set by cell. */
  readonly set: Int32Array;
}
