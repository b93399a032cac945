/** Sixteen days to a window: a year of a series is two dozen windows, and a day more rewrites one of them. */
export const WINDOW_BITS = 4;
const LAST_OFFSET = (1 << WINDOW_BITS) - 1;

/** Distance of a day from the first day of its window. */
export function offsetOf(day: number): number {
  return day & LAST_OFFSET;
}

export function firstOfWindow(day: number): number {
  return day - offsetOf(day);
}

/** One day of a window: its distance from the window's first day, and its packed rows. */
export interface WindowDay {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Bytes before each day's data: its offset, then the length as four bytes, little endian. */
const HEAD = 5;

/** Puts days one after the other. Keeps its buffer: what `packed` returns holds until the next `begin`. */
export class WindowPacker {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;

  begin(): void {
    this.#length = 0;
  }

  /** The day's data are `source[start..end)`. Days ascend. */
  add(offset: number, source: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
    const from = this.#length + HEAD;
    if (from + end - start > this.#bytes.length) this.#grow(from + end - start);
    this.#bytes[this.#length] = offset;
    this.#bytes.writeUInt32LE(end - start, this.#length + 1);
    source.copy(this.#bytes, from, start, end);
    this.#length = from + end - start;
  }

  /** Days that are packed already. */
  addPacked(days: Uint8Array): void {
    if (this.#length + days.length > this.#bytes.length) this.#grow(this.#length + days.length);
    this.#bytes.set(days, this.#length);
    this.#length += days.length;
  }

  get packed(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const larger = Buffer.alloc(2 * length);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Offset of the last day of a window that has any. A cut window is never taken for a short one. */
export function lastOffset(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  let last = -1;
  while (at + HEAD <= data.length) {
    last = data[at] ?? 0;
    at += HEAD + view.getUint32(at + 1, true);
  }
  if (at !== data.length) throw cutWindow(data);
  return last;
}

/** Views of the days of a window. A cut window is never taken for a short one. */
export function windowDays(data: Uint8Array): WindowDay[] {
  const days: WindowDay[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length;) {
    const from = at + HEAD;
    const to = from + (from <= data.length ? view.getUint32(at + 1, true) : Infinity);
    if (to > data.length) throw cutWindow(data);
    days.push({ offset: view.getUint8(at), data: data.subarray(from, to) });
    at = to;
  }
  return days;
}

function cutWindow(data: Uint8Array): RangeError {
  return new RangeError(`a window of ${data.length} bytes ends inside a day`);
}
