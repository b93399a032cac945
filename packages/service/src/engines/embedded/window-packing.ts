/** One day of a window: its distance from the window's first day, and its packed rows. */
export interface WindowDay {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Bytes before each day's data: its offset, then the length as four bytes, little endian. */
const HEAD = 5;

/** Puts days one after the other. Keeps its buffer: what `pack` returns holds until the next call. */
export class WindowPacker {
  #bytes = new Uint8Array(1 << 16);

  pack(days: readonly WindowDay[]): Uint8Array {
    const length = days.reduce((sum, { data }) => sum + HEAD + data.length, 0);
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length * 2);
    let at = 0;
    for (const { offset, data } of days) {
      this.#head(at, offset, data.length);
      this.#bytes.set(data, at + HEAD);
      at += HEAD + data.length;
    }
    return this.#bytes.subarray(0, length);
  }

  #head(at: number, offset: number, length: number): void {
    this.#bytes[at] = offset;
    for (let byte = 0; byte < 4; byte++) this.#bytes[at + 1 + byte] = length >>> (8 * byte);
  }
}

/** Views of the days of a window. A cut window is never taken for a short one. */
export function windowDays(data: Uint8Array): WindowDay[] {
  const days: WindowDay[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length;) {
    const from = at + HEAD;
    const to = from + (from <= data.length ? view.getUint32(at + 1, true) : Infinity);
    if (to > data.length) throw new RangeError(`a window of ${data.length} bytes ends inside a day`);
    days.push({ offset: view.getUint8(at), data: data.subarray(from, to) });
    at = to;
  }
  return days;
}
