import { BYTES_AT, CODES, COUNTERS, FILES_AT, ONES } from "./record-codes.ts";
import { FIRST_DAY } from "./record-packing.ts";

const NOWHERE = -1;

/** Reads chosen counters of packed rows of the holdings (record-packing.ts), stepping over the others without decoding them. */
export class RecordScan {
  /** The chosen counters of the row that is being visited, in the order of `picks`; reused between rows. */
  readonly values: Float64Array;
  /** Place of each stored counter in `values`. */
  readonly #placeOf = new Int32Array(COUNTERS).fill(NOWHERE);
  /** By code of a change: what `values` are before its files. */
  readonly #ones: Float64Array;
  readonly #filesPlace: Int32Array;
  readonly #bytesPlace: Int32Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(picks: readonly number[]) {
    const width = picks.length;
    this.values = new Float64Array(width);
    this.#ones = new Float64Array(CODES * width);
    for (const [place, pick] of picks.entries()) {
      this.#placeOf[pick] = place;
      ONES.forEach((ones, code) => (this.#ones[code * width + place] = (ones >> pick) & 1));
    }
    this.#filesPlace = FILES_AT.map((counter) => this.#placeOf[counter] ?? NOWHERE);
    this.#bytesPlace = BYTES_AT.map((counter) => this.#placeOf[counter] ?? NOWHERE);
  }

  /** A checkpoint: a blob of one sequence of rows. */
  rows(data: Uint8Array, visit: (key: number) => void): void {
    this.#start(data);
    for (let key = 0; this.#position < data.length;) {
      key += this.#varint();
      this.#row();
      visit(key);
    }
  }

  /** A blob of days. Days outside of from…to are stepped over. */
  days(
    data: Uint8Array,
    range: { readonly from: number; readonly to: number },
    visit: (day: number, key: number) => void,
  ): void {
    this.#start(data);
    for (let day = FIRST_DAY; this.#position < data.length;) {
      day += this.#varint();
      if (day > range.to) return;
      const count = this.#varint();
      for (let row = 0, key = 0; row < count; row++) {
        key += this.#varint();
        this.#row();
        if (day >= range.from) visit(day, key);
      }
    }
  }

  #start(data: Uint8Array): void {
    this.#bytes = data;
    this.#position = 0;
  }

  #row(): void {
    const head = this.#varint();
    if (head === 0) return this.#listed();
    const code = head >> 1;
    if (code >= CODES) throw new RangeError(`packed row has the head ${head}; known are 0 to ${2 * CODES - 1}`);
    const { values } = this;
    for (let place = 0, at = code * values.length; place < values.length; place++)
      values[place] = this.#ones[at + place] ?? 0;
    if ((head & 1) === 0) return;
    this.#take(this.#filesPlace[code] ?? NOWHERE);
    this.#take(this.#bytesPlace[code] ?? NOWHERE);
  }

  /** Counters by their bit mask. */
  #listed(): void {
    this.values.fill(0);
    let mask = this.#varint();
    for (let index = 0; mask !== 0; index++, mask >>>= 1)
      if ((mask & 1) === 1) this.#take(this.#placeOf[index] ?? NOWHERE);
  }

  #take(place: number): void {
    if (place === NOWHERE) this.#skip();
    else this.values[place] = this.#varint();
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
