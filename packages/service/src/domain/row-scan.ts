import { VarintReader } from "./varint-reader.ts";

/** Reads chosen counters of packed rows of use (packing.ts), stepping over the others without decoding them. */
export class RowScan {
  /** Place of each stored counter in `values`; -1 where it is not wanted. */
  readonly #placeOf: Int32Array;
  /** The chosen counters of the row that is being visited, in the order of `picks`; reused between rows. */
  readonly values: Float64Array;
  readonly #packed = new VarintReader();

  constructor(width: number, picks: readonly number[]) {
    this.#placeOf = new Int32Array(width).fill(-1);
    for (const [place, pick] of picks.entries()) this.#placeOf[pick] = place;
    this.values = new Float64Array(picks.length);
  }

  /** A blob of one sequence: a day of usage, or a checkpoint. */
  rows(data: Uint8Array, visit: (key: number) => void): void {
    this.#packed.start(data);
    let key = 0;
    while (!this.#packed.isAtEnd) {
      key += this.#packed.next();
      this.#counters();
      visit(key);
    }
  }

  #counters(): void {
    let mask = this.#packed.next();
    this.values.fill(0);
    for (let index = 0; mask !== 0; index++, mask >>>= 1) {
      if ((mask & 1) === 0) continue;
      const place = this.#placeOf[index] ?? -1;
      if (place < 0) this.#packed.skip();
      else this.values[place] = this.#packed.next();
    }
  }
}
