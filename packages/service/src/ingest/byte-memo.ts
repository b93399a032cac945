const FREE = -1;
const LARGEST_ARENA = 8 << 20;
const FIRST_SLOTS = 1024;
const LATIN = new TextDecoder("latin1");

/** Words of a slot: where the bytes begin (`FREE` without any), how many there are, and their number. */
const WIDTH = 4;
const [START, LENGTH, NUMBER, HASH] = [0, 1, 2, 3];

/**
 * Remembers a number for each text, found by its ASCII bytes: a text that was met before costs no string. The numbers come from `numberOf`,
 * which is asked again when so many texts were met that the memory was cleared.
 */
export class ByteMemo {
  readonly #numberOf: (text: string) => number;
  #arena = new Uint8Array(1 << 14);
  #filled = 0;
  #entries = 0;
  /** Open addressing, at most half full; all of an entry lies side by side. */
  #slots = new Int32Array(WIDTH * FIRST_SLOTS).fill(FREE);
  #mask = FIRST_SLOTS - 1;
  /** The slot found last. */
  #last = 0;

  constructor(numberOf: (text: string) => number) {
    this.#numberOf = numberOf;
  }

  number(bytes: Uint8Array, from: number, to: number): number {
    if (!this.#holds(this.#last, bytes, from, to)) this.#last = this.#find(bytes, from, to);
    return this.#slots[this.#last + NUMBER] ?? 0;
  }

  #find(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(bytes, from, to);
    for (let place = hash; ; place++) {
      const slot = (place & this.#mask) * WIDTH;
      if (this.#slots[slot] === FREE) return this.#add(bytes.subarray(from, to), hash, slot);
      if (this.#slots[slot + HASH] === hash && this.#holds(slot, bytes, from, to)) return slot;
    }
  }

  // oxlint-disable-next-line max-params -- called for every field of every line: no object for a range
  #holds(slot: number, bytes: Uint8Array, from: number, to: number): boolean {
    const slots = this.#slots;
    const arena = this.#arena;
    const start = slots[slot] ?? FREE;
    const length = to - from;
    if (start === FREE || slots[slot + LENGTH] !== length) return false;
    // The end differs sooner than the start: names are counted up at their end.
    for (let index = length - 1; index >= 0; index--) if (arena[start + index] !== bytes[from + index]) return false;
    return true;
  }

  #add(text: Uint8Array, hash: number, slot: number): number {
    const number = this.#numberOf(LATIN.decode(text));
    if (this.#filled + text.length > LARGEST_ARENA) {
      this.#clear();
      return this.#put({ hash, start: this.#keep(text), length: text.length, number }, (hash & this.#mask) * WIDTH);
    }
    this.#put({ hash, start: this.#keep(text), length: text.length, number }, slot);
    if (2 * this.#entries <= this.#mask) return slot;
    this.#grow();
    return this.#find(text, 0, text.length);
  }

  #put({ hash, start, length, number }: Entry, slot: number): number {
    this.#slots[slot + START] = start;
    this.#slots[slot + LENGTH] = length;
    this.#slots[slot + NUMBER] = number;
    this.#slots[slot + HASH] = hash;
    this.#entries++;
    return slot;
  }

  /** Where the text begins in the arena. */
  #keep(text: Uint8Array): number {
    if (this.#filled + text.length > this.#arena.length) {
      const larger = new Uint8Array(2 * this.#arena.length + text.length);
      larger.set(this.#arena);
      this.#arena = larger;
    }
    this.#arena.set(text, this.#filled);
    this.#filled += text.length;
    return this.#filled - text.length;
  }

  #clear(): void {
    this.#filled = 0;
    this.#entries = 0;
    this.#slots.fill(FREE);
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = 4 * (this.#mask + 1) - 1;
    this.#slots = new Int32Array(WIDTH * (this.#mask + 1)).fill(FREE);
    for (let from = 0; from < old.length; from += WIDTH) {
      if (old[from] === FREE) continue;
      let place = old[from + HASH] ?? 0;
      while (this.#slots[(place & this.#mask) * WIDTH] !== FREE) place++;
      this.#slots.set(old.subarray(from, from + WIDTH), (place & this.#mask) * WIDTH);
    }
  }
}

interface Entry {
  readonly hash: number;
  readonly start: number;
  readonly length: number;
  readonly number: number;
}

/** Four bytes at a time: every step waits for the multiplication before it. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5 | 0;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const word = low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    value = Math.imul(value ^ word, 0x9e3779b1);
    value ^= value >>> 15;
  }
  for (; at < to; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
