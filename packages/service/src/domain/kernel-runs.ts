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

/** In which scopes the events of a set count: `scopes[starts[set]..starts[set + 1])`, the global one first. */
export interface SetScopes {
  readonly starts: Int32Array;
  readonly scopes: Int32Array;
}

/**
 * Positions brought together by scope, a position standing in every scope of its set, ascending. The first scope of every set is the
 * same, the global one: it has all positions and needs no sorting.
 */
export class ByScope {
  /** Of the scope chosen last: `order[start..end)`. */
  order = new Int32Array(0);
  start = 0;
  end = 0;
  readonly #globalScope: number;
  #all = new Int32Array(0);
  #count = 0;
  #starts = new Int32Array(0);
  #placed = new Int32Array(0);

  constructor(globalScope: number) {
    this.#globalScope = globalScope;
  }

  /** `sets` gives the set of a position; of a position's cell where `cells` names that. Scopes lie below `scopes`. */
  build(positions: ScopedPositions, sets: SetScopes, scopes: number): void {
    this.#count = positions.count;
    this.#countAll(positions.count);
    this.#starts = grownInt32(this.#starts, scopes + 2);
    const starts = this.#starts.fill(0, 0, scopes + 2);
    if (positions.count === 0) return;
    this.#tally(positions, sets);
    for (let at = 2; at < scopes + 2; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
    this.#placed = grownInt32(this.#placed, starts[scopes + 1] ?? 0);
    this.#place(positions, sets);
  }

  choose(scope: number): void {
    const isGlobal = scope === this.#globalScope;
    this.order = isGlobal ? this.#all : this.#placed;
    this.start = isGlobal ? 0 : (this.#starts[scope] ?? 0);
    this.end = isGlobal ? this.#count : (this.#starts[scope + 1] ?? 0);
  }

  #countAll(count: number): void {
    const known = this.#all.length;
    this.#all = grownInt32(this.#all, count);
    for (let position = known; position < this.#all.length; position++) this.#all[position] = position;
  }

  #tally({ count, cell, set }: ScopedPositions, sets: SetScopes): void {
    const starts = this.#starts;
    for (let position = 0; position < count; position++) {
      const own = set[cell === null ? position : (cell[position] ?? 0)] ?? 0;
      const end = sets.starts[own + 1] ?? 0;
      for (let at = 1 + (sets.starts[own] ?? 0); at < end; at++) {
        const slot = (sets.scopes[at] ?? 0) + 2;
        starts[slot] = (starts[slot] ?? 0) + 1;
      }
    }
  }

  // Each scope's start stands one place to the right until its positions have been placed.
  #place({ count, cell, set }: ScopedPositions, sets: SetScopes): void {
    const starts = this.#starts;
    const placed = this.#placed;
    for (let position = 0; position < count; position++) {
      const own = set[cell === null ? position : (cell[position] ?? 0)] ?? 0;
      const end = sets.starts[own + 1] ?? 0;
      for (let at = 1 + (sets.starts[own] ?? 0); at < end; at++) {
        const slot = (sets.scopes[at] ?? 0) + 1;
        const to = starts[slot] ?? 0;
        placed[to] = position;
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

/** The runs of one scope parted: those of a key that meets one cell there, and those of keys that share their cells. Kept for the next scope. */
export class PartedRuns {
  alone = new Int32Array(0);
  aloneCount = 0;
  /** `shared[sharedStart..sharedEnd)`. */
  shared = new Int32Array(0);
  sharedStart = 0;
  sharedEnd = 0;
  readonly #saves: boolean;
  #own = new Int32Array(0);

  /** `saves`: whether telling apart who is alone costs less than counting all as if they shared. */
  constructor(saves: boolean) {
    this.#saves = saves;
  }

  /** Of the scope that was chosen. */
  part({ count, key }: Runs, { order, start, end }: ByScope): void {
    this.aloneCount = 0;
    // A scope that has all the runs has all cells of every key, and of these there are several.
    if (!this.#saves || end - start === count) this.#share(order, start, end);
    else this.#separate(key, order.subarray(start, end));
  }

  #share(order: Int32Array<ArrayBuffer>, start: number, end: number): void {
    this.shared = order;
    this.sharedStart = start;
    this.sharedEnd = end;
  }

  // Whether a run is alone cannot be foreseen: it is written to both, and one of the two counts does not move.
  #separate(key: Int32Array, order: Int32Array): void {
    const { length } = order;
    this.alone = grownInt32(this.alone, length);
    this.#own = grownInt32(this.#own, length);
    const alone = this.alone;
    const shared = this.#own;
    let lonely = 0;
    let before = -1;
    let own = key[order[0] ?? 0] ?? 0;
    for (let entry = 0; entry < length; entry++) {
      const position = order[entry] ?? 0;
      const next = entry + 1 < length ? (key[order[entry + 1] ?? 0] ?? 0) : -1;
      alone[lonely] = position;
      shared[entry - lonely] = position;
      lonely += Number(own !== before) & Number(own !== next);
      before = own;
      own = next;
    }
    this.aloneCount = lonely;
    this.#share(shared, 0, length - lonely);
  }
}
