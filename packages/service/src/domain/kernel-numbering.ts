import { grownInt32 } from "./int-arrays.ts";

const ENTRY = 4;
const ROUND = 0;
const LOW = 1;
const HIGH = 2;
const NUMBER = 3;

/**
 * Gives pairs of 32-bit words dense numbers from 0 on, in the order of their first appearance: hashes of visitors and files,
 * and pairs of codes. Open addressing; an entry is one run of four words, so that a look-up touches one cache line.
 */
export class Numbering {
  #table = new Int32Array(ENTRY << 10);
  #mask = (1 << 10) - 1;
  #round = 1;
  #count = 0;

  /** How many numbers were given since the last `clear`. */
  get count(): number {
    return this.#count;
  }

  /** Forgets everything without touching the table. */
  clear(): void {
    this.#count = 0;
    this.#round++;
    if (this.#round === 0x7fff_ffff) this.#wipe();
  }

  /** Makes room for `count` numbers, so that no growth interrupts. */
  reserve(count: number): void {
    while (count * 2 > this.#mask) this.#grow();
  }

  number(low: number, high: number): number {
    const table = this.#table;
    const mask = this.#mask;
    const wantedLow = low | 0;
    const wantedHigh = high | 0;
    for (let slot = mix(wantedLow, wantedHigh) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ENTRY;
      if (table[at] !== this.#round) return this.#add(at, wantedLow, wantedHigh);
      if (table[at + LOW] === wantedLow && table[at + HIGH] === wantedHigh) return table[at + NUMBER] ?? 0;
    }
  }

  #add(at: number, low: number, high: number): number {
    const number = this.#count++;
    this.#put(at, [low, high, number]);
    if (this.#count * 2 > this.#mask) this.#grow();
    return number;
  }

  #put(at: number, entry: readonly [number, number, number]): void {
    this.#table[at] = this.#round;
    this.#table[at + LOW] = entry[0];
    this.#table[at + HIGH] = entry[1];
    this.#table[at + NUMBER] = entry[2];
  }

  #grow(): void {
    const old = this.#table;
    const oldRound = this.#round;
    this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array((this.#mask + 1) * ENTRY);
    this.#round = 1;
    for (let at = 0; at < old.length; at += ENTRY) {
      if (old[at] === oldRound) this.#reinsert(old[at + LOW] ?? 0, old[at + HIGH] ?? 0, old[at + NUMBER] ?? 0);
    }
  }

  #reinsert(low: number, high: number, number: number): void {
    let slot = mix(low, high) & this.#mask;
    while (this.#table[slot * ENTRY + ROUND] === this.#round) slot = (slot + 1) & this.#mask;
    this.#put(slot * ENTRY, [low, high, number]);
  }

  #wipe(): void {
    this.#table.fill(0);
    this.#round = 1;
  }
}

function mix(low: number, high: number): number {
  const hash = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return hash ^ (hash >>> 15);
}

/** Positions 0..count-1 brought together by key. `order.subarray(starts[key], starts[key + 1])` holds those of one key. */
export class Grouping {
  starts = new Int32Array(0);
  order = new Int32Array(0);
  keyCount = 0;

  /** Keys are whole numbers below `keyCount`; positions with a negative key are left out. Stable: positions of one key ascend. */
  build(keys: Int32Array, count: number, keyCount: number): void {
    this.keyCount = keyCount;
    this.starts = grownInt32(this.starts, keyCount + 2);
    this.order = grownInt32(this.order, count);
    const starts = this.starts;
    starts.fill(0, 0, keyCount + 2);
    for (let position = 0; position < count; position++) {
      const key = keys[position] ?? 0;
      if (key >= 0) starts[key + 2] = (starts[key + 2] ?? 0) + 1;
    }
    for (let key = 2; key < keyCount + 2; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
    this.#place(keys, count);
  }

  // Each key's start stands one place to the right until its positions have been placed.
  #place(keys: Int32Array, count: number): void {
    const { starts, order } = this;
    for (let position = 0; position < count; position++) {
      const key = keys[position] ?? 0;
      if (key < 0) continue;
      const at = starts[key + 1] ?? 0;
      order[at] = position;
      starts[key + 1] = at + 1;
    }
  }
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Sorts positions by whole-number keys from 0 on, eleven bits a pass and as many passes as the greatest key needs. Stable. */
export class RadixOrder {
  #other = new Int32Array(0);
  readonly #counts = new Int32Array(DIGITS);

  /** Sorts by `keys[position]`, in `positions` or in an array that the next call uses again: copy what is kept. */
  sort(positions: Int32Array<ArrayBuffer>, count: number, keys: Int32Array): Int32Array<ArrayBuffer> {
    this.#other = grownInt32(this.#other, count);
    let from = positions;
    let to = this.#other;
    const bits = 32 - Math.clz32(greatest(positions, count, keys));
    for (let shift = 0; shift < bits; shift += DIGIT_BITS) {
      this.#pass({ from, to, keys, count, shift });
      [from, to] = [to, from];
    }
    return from;
  }

  #pass(pass: RadixPass): void {
    const { from, to, keys, count, shift } = pass;
    const counts = this.#counts.fill(0);
    for (let index = 0; index < count; index++) {
      const digit = ((keys[from[index] ?? 0] ?? 0) >>> shift) & (DIGITS - 1);
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit] ?? 0;
      counts[digit] = start;
      start += size;
    }
    for (let index = 0; index < count; index++) {
      const position = from[index] ?? 0;
      const digit = ((keys[position] ?? 0) >>> shift) & (DIGITS - 1);
      const at = counts[digit] ?? 0;
      to[at] = position;
      counts[digit] = at + 1;
    }
  }
}

interface RadixPass {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly keys: Int32Array;
  readonly count: number;
  readonly shift: number;
}

function greatest(positions: Int32Array, count: number, keys: Int32Array): number {
  let most = 0;
  for (let index = 0; index < count; index++) most = Math.max(most, keys[positions[index] ?? 0] ?? 0);
  return most;
}
