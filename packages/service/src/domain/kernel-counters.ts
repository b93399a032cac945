import { grownInt32 } from "./int-arrays.ts";

/**
 * Words per group: ten counters, then last-seen stamps, then the bytes as a double. Sixteen words are one cache line, so that
 * counting a group costs one access to memory (measured: half the time of one array per counter).
 */
export const STRIDE = 16;
export const COUNTERS = 10;
export const VIEW_EVENTS = 0;
export const DOWNLOAD_EVENTS = 4;
/** Position of the bytes among the doubles of a group. */
export const BYTES_AT = 6;

/** Something counted distinctly: which counter takes those who viewed, who downloaded, who did either, and where its stamp stands. */
export interface Entity {
  readonly view: number;
  readonly download: number;
  /** -1 where nobody asks. */
  readonly either: number;
  readonly stamp: number;
}
export const VISITORS: Entity = { view: 1, download: 5, either: 9, stamp: 10 };
export const PARENTS: Entity = { view: 3, download: 7, either: -1, stamp: 11 };
export const RECORDS: Entity = { view: 2, download: 6, either: -1, stamp: 14 };
/** Views have no file: their bit never comes, wherever it would be counted. */
export const FILES: Entity = { view: 8, download: 8, either: -1, stamp: 15 };

/** All of them; `Cells.runs` follows this order. */
export const ENTITIES: readonly Entity[] = [VISITORS, FILES, RECORDS, PARENTS];

/** A stamp shares its word with two bits (seen in a view, seen in a download). */
const STAMP_LIMIT = 1 << 29;

/** Counters of groups. A group is addressed by its offset (number × STRIDE). All groups are zero between scopes. */
export class CounterTable {
  ints = new Int32Array(STRIDE << 6);
  floats = new Float64Array(this.ints.buffer);
  /** A bit for every group that is not zero: marking is without branches, and finding them brings them in order. */
  marks = new Int32Array(1);
  #marked = new Int32Array(64);

  /** Makes room for groups 0..count-1. */
  reserve(count: number): void {
    this.marks = grownInt32(this.marks, (count + 31) >>> 5);
    if (count * STRIDE <= this.ints.length) return;
    const ints = new Int32Array(Math.max(count * STRIDE, this.ints.length * 2));
    ints.set(this.ints);
    this.ints = ints;
    this.floats = new Float64Array(ints.buffer);
  }

  mark(group: number): void {
    this.marks[group >>> 5] = (this.marks[group >>> 5] ?? 0) | (1 << (group & 31));
  }

  /** Offsets of the marked groups, ascending; holds until the next call. The marks are gone afterwards. */
  takeMarked(): Int32Array {
    const { marks } = this;
    let count = 0;
    for (let word = 0; word < marks.length; word++) {
      let left = marks[word] ?? 0;
      if (left === 0) continue;
      marks[word] = 0;
      if (count + 32 > this.#marked.length) this.#marked = grownInt32(this.#marked, count + 32);
      for (; left !== 0; left &= left - 1) {
        this.#marked[count++] = ((word << 5) + 31 - Math.clz32(left & -left)) * STRIDE;
      }
    }
    return this.#marked.subarray(0, count);
  }

  /** Sets what was marked back to zero, stamps included: whatever is counted next may start its stamps at 1. */
  reset(): void {
    for (const offset of this.takeMarked()) clearGroup(this.ints, offset);
  }
}

/** Sixteen words one by one: a call of `fill` for so few takes longer. */
export function clearGroup(ints: Int32Array, offset: number): void {
  for (let word = offset; word < offset + STRIDE; word++) ints[word] = 0;
}

/** Moves a group's counters, in the order of `USAGE_COUNTERS`, where the bytes stand before the visitors of either kind. */
export function takeGroup(
  table: CounterTable,
  offset: number,
  { into, at }: { readonly into: Float64Array; readonly at: number },
): void {
  const { ints } = table;
  for (let counter = 0; counter < COUNTERS - 1; counter++) into[at + counter] = ints[offset + counter] ?? 0;
  into[at + COUNTERS - 1] = table.floats[offset / 2 + BYTES_AT] ?? 0;
  into[at + COUNTERS] = ints[offset + VISITORS.either] ?? 0;
  clearGroup(ints, offset);
}

/** Counts what bears the stamp once in a group: `bits` says where it was seen now. Calls of one stamp must be neighbours. */
export function stampGroup(
  ints: Int32Array,
  group: number,
  { entity, stamp, bits }: { readonly entity: Entity; readonly stamp: number; readonly bits: number },
): void {
  const { view, download, either } = entity;
  const word = ints[group + entity.stamp] ?? 0;
  const known = word >>> 2 === stamp ? word & 3 : 0;
  const fresh = bits & ~known;
  ints[group + view] = (ints[group + view] ?? 0) + (fresh & 1);
  ints[group + download] = (ints[group + download] ?? 0) + (fresh >> 1);
  if (either >= 0 && known === 0) ints[group + either] = (ints[group + either] ?? 0) + 1;
  ints[group + entity.stamp] = (stamp << 2) | known | bits;
}

/** @throws RangeError for more different things in one day than stamps can tell apart (over 500 million). */
export function checkStamps(count: number): void {
  if (count >= STAMP_LIMIT)
    throw new RangeError(`a day of ${count} events exceeds the ${STAMP_LIMIT - 1} that can be counted`);
}
