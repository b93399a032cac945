/** Which rows of a blob of use per record are wanted. */
export interface WantedUse {
  /** By code of the scope set: 1 where its rows are wanted; null for all. */
  readonly sets: Uint8Array | null;
  /** Greatest record code that is wanted. */
  readonly last: number;
}

/**
 * Reads chosen counters from blobs of use per record (`RecordUsePacker`), stepping over the others. A list of a year reads millions of
 * rows, nearly all of whose numbers fit into one byte: these are read in place, without a call.
 */
export class RecordUseScan {
  /** Place of each stored counter in `values`; -1 where it is not wanted. */
  readonly #placeOf: Int32Array;
  /** The chosen counters of the row that is being visited, in the order of `picks`; reused between rows. */
  readonly values: Float64Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(width: number, picks: readonly number[]) {
    this.#placeOf = new Int32Array(width).fill(-1);
    for (const [place, pick] of picks.entries()) this.#placeOf[pick] = place;
    this.values = new Float64Array(picks.length);
  }

  /** Rows ascend by record. @throws RangeError for a blob that ends inside a row. */
  rows(bytes: Uint8Array, { sets, last }: WantedUse, visit: (record: number) => void): void {
    this.#bytes = bytes;
    this.#at = 0;
    let record = 0;
    while (this.#at < bytes.length) {
      record += this.#number();
      if (record > last) return;
      const set = this.#number();
      // Each row is packed as a sequence of its own: its key is 0.
      this.#number();
      const isWanted = sets === null || sets[set] === 1;
      this.#counters(this.#number(), isWanted);
      if (isWanted) visit(record);
    }
  }

  #counters(mask: number, isWanted: boolean): void {
    const { values } = this;
    const bytes = this.#bytes;
    const placeOf = this.#placeOf;
    if (isWanted) for (let place = 0; place < values.length; place++) values[place] = 0;
    let at = this.#at;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const place = isWanted ? (placeOf[31 - Math.clz32(rest & -rest)] ?? -1) : -1;
      const byte = bytes[at] ?? 0;
      if (byte < 0x80) {
        at++;
        if (place >= 0) values[place] = byte;
      } else if (place < 0) {
        while ((bytes[at] ?? 0) >= 0x80) at++;
        at++;
      } else {
        this.#at = at;
        values[place] = this.#number();
        at = this.#at;
      }
    }
    this.#at = at;
    if (at > bytes.length) throw cutBlob(bytes.length);
  }

  #number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? 0;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
    }
    if (at > bytes.length) throw cutBlob(bytes.length);
    this.#at = at;
    return value;
  }
}

function cutBlob(length: number): RangeError {
  return new RangeError(`packed blob of ${length} bytes ends inside a number`);
}
