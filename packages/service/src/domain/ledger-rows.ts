import { Bookings, codeOf, FIELDS, FILES_OF, MOST_VALUES, valueOf } from "./ledger-bookings.ts";
import type { CountedColumn } from "./ledger-files.ts";
import { ValueSums } from "./ledger-sums.ts";
import { COUNTERS } from "./record-codes.ts";
import { RecordPacker, type PackedSpan } from "./record-packing.ts";

/** One year of a breakdown in one scope and basis, packed (record-packing.ts). */
export interface LedgerPart {
  readonly breakdown: string;
  readonly year: number;
  readonly data: Uint8Array;
}

/** The rows of each year, and after some years the sums of all rows up to their end. */
export interface LedgerParts {
  readonly years: readonly LedgerPart[];
  readonly checkpoints: readonly LedgerPart[];
}

/** Parts that stand one behind the other in a packer. */
interface PackedPart extends PackedSpan {
  readonly breakdown: string;
  readonly year: number;
}

/** Collects the parts of one scope and basis in one buffer. */
export class LedgerWriter {
  readonly packer = new RecordPacker();
  readonly years: PackedPart[] = [];
  readonly checkpoints: PackedPart[] = [];

  /** Starts anew. */
  take(): LedgerParts {
    const bytes = this.packer.take();
    const part = ({ breakdown, year, from, to }: PackedPart): LedgerPart => {
      return { breakdown, year, data: bytes.subarray(from, to) };
    };
    return { years: this.years.splice(0).map(part), checkpoints: this.checkpoints.splice(0).map(part) };
  }
}

/** The days of an activity, and the year of each. */
export interface Calendar {
  readonly days: Int32Array;
  readonly years: Int32Array;
}

const NO_BOOKINGS = new Bookings();

/** Fewer rows than this are read faster than a checkpoint is found. */
export const CHECKPOINT_ROWS = 4_000;

/**
 * Sums bookings to rows of (day, value) and packs them, for one column; used again for every scope. A year ends with a checkpoint when
 * the rows since the last one are at least `checkpointRows` and twice as many as it would have: so all checkpoints together are at most
 * half as large as the rows, and a reader passes at most three rows for each of a checkpoint of its own year.
 */
export class LedgerRows {
  readonly #breakdown: string;
  readonly #checkpointRows: number;
  readonly #writer: LedgerWriter;
  readonly #row = new Float64Array(COUNTERS + 1);
  readonly #total: ValueSums;
  #bookings = NO_BOOKINGS;
  /** 1 for each value that had a row. */
  readonly #known: Uint8Array;
  #values = 0;
  #rows = 0;
  /** First booking that the sums do not hold yet. */
  #summed = 0;

  constructor(
    { breakdown, codes }: Pick<CountedColumn, "breakdown" | "codes">,
    writer: LedgerWriter,
    checkpointRows: number,
  ) {
    if (codes > MOST_VALUES)
      throw new RangeError(
        `the breakdown "${breakdown}" has ${codes} values; the ledger can tell ${MOST_VALUES} apart`,
      );
    this.#breakdown = breakdown;
    this.#writer = writer;
    this.#checkpointRows = checkpointRows;
    this.#known = new Uint8Array(codes);
    this.#total = new ValueSums(codes);
  }

  pack(bookings: Bookings, { days, years }: Calendar): void {
    if (bookings.count === 0) return;
    this.#bookings = bookings;
    const start = bookings.inOrder(days.length, this.#known.length);
    let pending = false;
    for (let position = 0, from = 0; position < days.length; position++) {
      const to = start[position + 1] ?? 0;
      if (pending && years[position] !== years[position - 1]) {
        this.#endYear(years[position - 1] ?? 0, from);
        pending = false;
      }
      if (from === to) continue;
      this.#packDay(days[position] ?? 0, from, to);
      from = to;
      pending = true;
    }
    if (pending) this.#endYear(years[days.length - 1] ?? 0, bookings.count);
    this.#clear();
  }

  #packDay(day: number, from: number, to: number): void {
    const { sorted } = this.#bookings;
    const { pairs } = this.#bookings.amounts;
    const { packer } = this.#writer;
    const rows = this.#countRows(from, to);
    packer.day(day, rows);
    this.#rows += rows;
    for (let at = from, next = at; at < to; at = next) {
      const key = sorted[at * FIELDS] ?? 0;
      const value = valueOf(key);
      for (next = at + 1; next < to; next++) if (valueOf(sorted[next * FIELDS] ?? 0) !== value) break;
      if (next > at + 1) this.#packSum(value, at, next);
      else {
        const files = 2 * (sorted[at * FIELDS + FILES_OF] ?? 0);
        packer.change(value, codeOf(key), pairs[files] ?? 0, pairs[files + 1] ?? 0);
      }
    }
  }

  #packSum(value: number, from: number, to: number): void {
    const row = this.#row;
    let raised = 0;
    for (let at = from; at < to; at++) raised |= this.#bookings.applyTo(row, 0, at);
    this.#writer.packer.sum(value, raised, row);
  }

  #countRows(from: number, to: number): number {
    const { sorted } = this.#bookings;
    const known = this.#known;
    let rows = 0;
    for (let at = from, before = -1; at < to; at++) {
      const value = valueOf(sorted[at * FIELDS] ?? 0);
      if (value === before) continue;
      before = value;
      rows++;
      if (known[value] === 1) continue;
      known[value] = 1;
      this.#values++;
    }
    return rows;
  }

  /** `until`: position of the first booking of later years. */
  #endYear(year: number, until: number): void {
    const { packer, years, checkpoints } = this.#writer;
    years.push({ breakdown: this.#breakdown, year, ...packer.cut() });
    if (this.#rows < this.#checkpointRows || this.#rows < 2 * this.#values) return;
    for (let at = this.#summed; at < until; at++) this.#total.add(this.#bookings, at);
    this.#total.each((value, counters, offset) => packer.row(value, counters, offset));
    checkpoints.push({ breakdown: this.#breakdown, year, ...packer.cut() });
    this.#summed = until;
    this.#rows = 0;
  }

  #clear(): void {
    this.#total.clear();
    this.#known.fill(0);
    this.#values = 0;
    this.#rows = 0;
    this.#summed = 0;
  }
}
