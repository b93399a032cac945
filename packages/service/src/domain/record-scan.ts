import { BYTES_AT, CODES, COUNTERS, FILES_AT, ONES } from "./record-codes.ts";
import { FIRST_DAY } from "./record-packing.ts";
import { VarintReader } from "./varint-reader.ts";

const NOWHERE = -1;

/** Where the numbers of a row go; never changed. */
interface Places {
  /** Place of each stored counter in `values`. */
  readonly placeOf: Int32Array;
  /** By code of a change: what `values` are before its files. */
  readonly ones: Float64Array;
  /** By code: place of the counter of files, and of their bytes. */
  readonly files: Int32Array;
  readonly bytes: Int32Array;
}

/** An answer reads a dozen tables with the same choice of counters. */
const known = new WeakMap<readonly number[], Places>();

function placesOf(picks: readonly number[]): Places {
  const places = known.get(picks) ?? makePlaces(picks);
  known.set(picks, places);
  return places;
}

function makePlaces(picks: readonly number[]): Places {
  const width = picks.length;
  const placeOf = new Int32Array(COUNTERS).fill(NOWHERE);
  const ones = new Float64Array(CODES * width);
  for (const [place, pick] of picks.entries()) {
    placeOf[pick] = place;
    ONES.forEach((bits, code) => (ones[code * width + place] = (bits >> pick) & 1));
  }
  const places = (counters: Int32Array): Int32Array => counters.map((counter) => placeOf[counter] ?? NOWHERE);
  return { placeOf, ones, files: places(FILES_AT), bytes: places(BYTES_AT) };
}

/** Reads chosen counters of packed rows of the holdings (record-packing.ts), stepping over the others without decoding them. */
export class RecordScan {
  /** The chosen counters of the row that is being visited, in the order of `picks`; reused between rows. */
  readonly values: Float64Array;
  readonly #placeOf: Int32Array;
  readonly #ones: Float64Array;
  readonly #filesPlace: Int32Array;
  readonly #bytesPlace: Int32Array;
  readonly #packed = new VarintReader();

  constructor(picks: readonly number[]) {
    this.values = new Float64Array(picks.length);
    const places = placesOf(picks);
    this.#placeOf = places.placeOf;
    this.#ones = places.ones;
    this.#filesPlace = places.files;
    this.#bytesPlace = places.bytes;
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
