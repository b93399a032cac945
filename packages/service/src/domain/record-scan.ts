import { BYTES_AT, CODES, COUNTERS, FILES_AT, ONES } from "./record-codes.ts";
import { FIRST_DAY } from "./record-packing.ts";
import { VarintReader } from "./varint-reader.ts";

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
  readonly #packed = new VarintReader();

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
    this.#packed.start(data);
    for (let key = 0; !this.#packed.isAtEnd;) {
      key += this.#packed.next();
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
    this.#packed.start(data);
    for (let day = FIRST_DAY; !this.#packed.isAtEnd;) {
      day += this.#packed.next();
      if (day > range.to) return;
      const count = this.#packed.next();
      for (let row = 0, key = 0; row < count; row++) {
        key += this.#packed.next();
        this.#row();
        if (day >= range.from) visit(day, key);
      }
    }
  }

  #row(): void {
    const head = this.#packed.next();
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
    let mask = this.#packed.next();
    for (let index = 0; mask !== 0; index++, mask >>>= 1)
      if ((mask & 1) === 1) this.#take(this.#placeOf[index] ?? NOWHERE);
  }

  #take(place: number): void {
    if (place === NOWHERE) this.#packed.skip();
    else this.values[place] = this.#packed.next();
  }
}
