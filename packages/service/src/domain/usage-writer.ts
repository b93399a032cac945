import { BYTES_AT, clearGroup, COUNTERS, VISITORS } from "./kernel-counters.ts";

/** Bytes that a row takes at most: its key, its mask, and eleven counters. */
const LONGEST = 5 + 2 + 11 * 8;

/**
 * Writes rows of use as `RowPacker` would, straight from the counters of groups: a hundred thousand rows a day pass here.
 * A row's counters are set back to zero while they are at hand.
 */
export class UsageWriter {
  #bytes = new Uint8Array(1 << 20);
  #length = 0;
  #last = 0;

  get length(): number {
    return this.#length;
  }

  /** Starts a new sequence of keys. */
  restart(): void {
    this.#last = 0;
  }

  /** Keys ascend within a sequence. `offset` is the group's among `ints`; `floats` is on the same buffer. */
  row(key: number, group: { readonly ints: Int32Array; readonly floats: Float64Array }, offset: number): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    const { ints, floats } = group;
    const bytes = this.#bytes;
    const size = floats[offset / 2 + BYTES_AT] ?? 0;
    const visitors = ints[offset + VISITORS.either] ?? 0;
    let mask = (size === 0 ? 0 : 1 << (COUNTERS - 1)) | (visitors === 0 ? 0 : 1 << COUNTERS);
    for (let counter = 0; counter < COUNTERS - 1; counter++) if (ints[offset + counter] !== 0) mask |= 1 << counter;
    let at = varint(bytes, this.#length, key - this.#last);
    at = varint(bytes, at, mask);
    for (let counter = 0; counter < COUNTERS - 1; counter++) {
      const value = ints[offset + counter] ?? 0;
      if (value !== 0) at = varint(bytes, at, value);
    }
    if (size !== 0) at = varint(bytes, at, size);
    if (visitors !== 0) at = varint(bytes, at, visitors);
    clearGroup(ints, offset);
    this.#length = at;
    this.#last = key;
  }

  take(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#last = 0;
    return copy;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Returns the position after the number. */
function varint(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    bytes[at] = value;
    return at + 1;
  }
  let rest = value;
  let end = at;
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) | 0x80;
    rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
  }
  bytes[end++] = rest;
  return end;
}
