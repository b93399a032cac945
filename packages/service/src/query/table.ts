import type { DayNumber } from "@community-stats/contract/days.ts";
import { RECORD_COUNTERS, USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { firstDayOfYear, yearOfDay, type Span } from "../domain/periods.ts";
import { RecordScan } from "../domain/record-scan.ts";
import { RowScan } from "../domain/row-scan.ts";
import { betweenBlocks, type Reading, type TableSource } from "./reading.ts";

/**
 * The numbers of one scope and breakdown over a range of days, as columns. A slot stands for a value of the breakdown, in the order
 * of first appearance (the totals have one slot). Rows ascend by day; row `r` has its counters at `numbers[r × width]`.
 */
export interface Table {
  readonly width: number;
  readonly count: number;
  readonly days: Int32Array;
  readonly slots: Int32Array;
  readonly numbers: Float64Array;
  /** Value code of each slot. */
  readonly codes: readonly number[];
  /** Sums of all days before the range, slot × width; empty unless asked for. */
  readonly opening: Float64Array;
}

/** The part of a reading that tables need. */
export type TableReading = Pick<Reading, "store" | "generation" | "signal">;

export interface TableRequest {
  readonly source: TableSource;
  readonly span: Span;
  /** Which stored counters are wanted, by position. The table's counters are these, in this order. */
  readonly picks: readonly number[];
  /** Whether the sums before the range are wanted. */
  readonly opening: boolean;
}

export const ALL_USAGE: readonly number[] = USAGE_COUNTERS.map((_, index) => index);
export const ALL_RECORDS: readonly number[] = RECORD_COUNTERS.map((_, index) => index);

export async function readTable(reading: TableReading, request: TableRequest): Promise<Table> {
  const builder = new TableBuilder(request);
  if (reading.generation === null || request.source.scope < 0) return builder.take();
  await betweenBlocks(reading);
  if (request.opening) await readOpening(reading, request, builder);
  await readDays(reading, request.source, { span: request.span, take: builder.addDays });
  return builder.take();
}

/** The newest checkpoint before the range, then the days between it and the range. */
async function readOpening(
  reading: TableReading,
  { source, span }: TableRequest,
  builder: TableBuilder,
): Promise<void> {
  if (reading.generation === null) return;
  const checkpoint = await reading.store.checkpoint(reading.generation.id, source, yearOfDay(span.from) - 1);
  if (checkpoint !== null) builder.open(checkpoint.data);
  const from = checkpoint === null ? EARLIEST : firstDayOfYear(checkpoint.period + 1);
  if (from >= span.from) return;
  await readDays(reading, source, { span: { from, to: dayBefore(span.from) }, take: builder.openDays });
}

type TakeBlob = (data: Uint8Array, period: number, span: Span) => void;

async function readDays(
  reading: TableReading,
  source: TableSource,
  { span, take }: { readonly span: Span; readonly take: TakeBlob },
): Promise<void> {
  if (reading.generation === null) return;
  const [from, to] = isDaily(source) ? [span.from, span.to] : [yearOfDay(span.from), yearOfDay(span.to)];
  const parts = await reading.store.read(reading.generation.id, { ...source, from, to });
  for (const [index, { period, data }] of parts.entries()) {
    if (index % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) await betweenBlocks(reading);
    take(data, period, span);
  }
}

/** Days of use, or years of holdings, read between two turns. */
const PARTS_AT_ONCE = 256;

/** Usage has a blob for each day, records one for each year. */
function isDaily(source: TableSource): boolean {
  return source.kind === "usage";
}

const EARLIEST = firstDayOfYear(0);

function dayBefore(day: DayNumber): DayNumber {
  return (day - 1) as DayNumber;
}

/** An answer reads a dozen tables, most of them short: zeroing large arrays would cost more than reading them. */
const FIRST_ROWS = 16;

/** Collects rows into columns that grow by doubling. */
class TableBuilder {
  readonly #scan: RowScan | RecordScan;
  readonly #width: number;
  #count = 0;
  #days = new Int32Array(FIRST_ROWS);
  #slots = new Int32Array(FIRST_ROWS);
  #numbers: Float64Array;
  #opening: Float64Array = new Float64Array(0);
  #slotOf = new Int32Array(0);
  readonly #codes: number[] = [];

  constructor({ source, picks }: TableRequest) {
    this.#scan = isDaily(source) ? new RowScan(USAGE_COUNTERS.length, picks) : new RecordScan(picks);
    this.#width = picks.length;
    this.#numbers = new Float64Array(FIRST_ROWS * this.#width);
  }

  readonly addDays: TakeBlob = (data, period, span) => {
    const scan = this.#scan;
    if (scan instanceof RecordScan) scan.days(data, span, (day, key) => this.#add(day, key));
    else scan.rows(data, (key) => this.#add(period, key));
  };

  readonly openDays: TakeBlob = (data, _period, span) => {
    if (this.#scan instanceof RecordScan) this.#scan.days(data, span, (_day, key) => this.#open(key));
    else this.open(data);
  };

  open(data: Uint8Array): void {
    this.#scan.rows(data, (key) => this.#open(key));
  }

  #add(day: number, key: number): void {
    if (this.#count === this.#days.length) this.#grow();
    const row = this.#count++;
    this.#days[row] = day;
    this.#slots[row] = this.#slot(key);
    const { values } = this.#scan;
    for (let index = 0, at = row * this.#width; index < values.length; index++)
      this.#numbers[at + index] = values[index] ?? 0;
  }

  #open(key: number): void {
    const at = this.#slot(key) * this.#width;
    if (at >= this.#opening.length) this.#opening = enlarged(this.#opening, 2 * (at + this.#width));
    const { values } = this.#scan;
    for (let index = 0; index < values.length; index++) {
      this.#opening[at + index] = (this.#opening[at + index] ?? 0) + (values[index] ?? 0);
    }
  }

  take(): Table {
    const codes = this.#codes;
    return {
      width: this.#width,
      count: this.#count,
      days: this.#days.subarray(0, this.#count),
      slots: this.#slots.subarray(0, this.#count),
      numbers: this.#numbers.subarray(0, this.#count * this.#width),
      codes,
      opening: enlarged(this.#opening, codes.length * this.#width),
    };
  }

  #slot(key: number): number {
    const known = this.#slotOf[key] ?? 0;
    if (known > 0) return known - 1;
    if (key >= this.#slotOf.length) this.#slotOf = longer(this.#slotOf, 2 * (key + 1));
    this.#codes.push(key);
    this.#slotOf[key] = this.#codes.length;
    return this.#codes.length - 1;
  }

  #grow(): void {
    this.#days = longer(this.#days, this.#days.length * 2);
    this.#slots = longer(this.#slots, this.#days.length);
    this.#numbers = enlarged(this.#numbers, this.#days.length * this.#width);
  }
}

function longer(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(numbers);
  return larger;
}

/** The same numbers in a longer array, zeros behind; a shorter one is cut. */
function enlarged(numbers: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(numbers.length > length ? numbers.subarray(0, length) : numbers);
  return larger;
}
