/** Reads chosen counters of packed rows of use (packing.ts), stepping over the others without decoding them. */
export class RowScan {
  /** Place of each stored counter in `values`; -1 where it is not wanted. */
  readonly #placeOf: Int32Array;
  /** The chosen counters of the row that is being visited, in the order of `picks`; reused between rows. */
  readonly values: Float64Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(width: number, picks: readonly number[]) {
    this.#placeOf = new Int32Array(width).fill(-1);
    for (const [place, pick] of picks.entries()) this.#placeOf[pick] = place;
    this.values = new Float64Array(picks.length);
  }

  /** A blob of one sequence: a day of usage, or a checkpoint. */
  rows(data: Uint8Array, visit: (key: number) => void): void {
    this.#start(data);
    let key = 0;
    while (this.#position < data.length) {
      key += this.#varint();
      this.#counters();
      visit(key);
    }
  }

  #start(data: Uint8Array): void {
    this.#bytes = data;
    this.#position = 0;
  }

  #counters(): void {
    let mask = this.#varint();
    this.values.fill(0);
    for (let index = 0; mask !== 0; index++, mask >>>= 1) {
      if ((mask & 1) === 0) continue;
      const place = this.#placeOf[index] ?? -1;
      if (place < 0) this.#skip();
      else this.values[place] = this.#varint();
    }
  }

  #skip(): void {
    const bytes = this.#bytes;
    let at = this.#position;
    while ((bytes[at] ?? 0) >= 0x80) at++;
    this.#position = at + 1;
    if (this.#position > bytes.length)
      throw new RangeError(`packed blob of ${bytes.length} bytes ends inside a number`);
  }

  #varint(): number {
    const bytes = this.#bytes;
    let at = this.#position;
    let byte = bytes[at++];
    let value = (byte ?? 0) & 0x7f;
    let factor = 1;
    while (byte !== undefined && byte >= 0x80) {
      byte = bytes[at++];
      factor *= 0x80;
      value += ((byte ?? 0) & 0x7f) * factor;
    }
    if (byte === undefined) throw new RangeError(`packed blob of ${bytes.length} bytes ends inside a number`);
    this.#position = at;
    return value;
  }
}
