import type { DayNumber } from "@community-stats/contract/days.ts";
import { RECORD_COUNTERS, USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { firstDayOfYear, yearOfDay, type Span } from "../domain/periods.ts";
import { RecordScan } from "../domain/record-scan.ts";
import { RowScan } from "../domain/row-scan.ts";
import type { RollupsOfBreakdown } from "../engine/rollup-store.ts";
import { betweenBlocks, type Reading, type TableSource } from "./reading.ts";
import { storedNumbers, type StoredRequest } from "./stored-numbers.ts";

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

/** Of any breakdown. */
export interface TablesRequest extends StoredRequest {
  /** Which stored counters are wanted, by position. The table's counters are these, in this order. */
  readonly picks: readonly number[];
}
export interface TableRequest extends TablesRequest {
  readonly source: TableSource;
}

export const ALL_USAGE: readonly number[] = USAGE_COUNTERS.map((_, index) => index);
export const ALL_RECORDS: readonly number[] = RECORD_COUNTERS.map((_, index) => index);

/** The table of each breakdown, read together. */
export async function readTables(
  reading: TableReading,
  request: TablesRequest,
  breakdowns: readonly string[],
): Promise<ReadonlyMap<string, Table>> {
  const builders = new Map(breakdowns.map((breakdown) => [breakdown, new TableBuilder(request)]));
  await fill(reading, request, builders);
  return new Map(Array.from(builders, ([breakdown, builder]) => [breakdown, builder.take()]));
}

export async function readTable(reading: TableReading, request: TableRequest): Promise<Table> {
  const builder = new TableBuilder(request);
  await fill(reading, request, new Map([[request.source.breakdown, builder]]));
  return builder.take();
}

/** The table of a breakdown, and that of the totals. */
export async function readWithTotals(
  reading: TableReading,
  request: TableRequest,
): Promise<{ readonly totals: Table; readonly table: Table }> {
  const [totals, table] = [new TableBuilder(request), new TableBuilder(request)];
  const { breakdown } = request.source;
  await fill(
    reading,
    request,
    new Map([
      ["", totals],
      [breakdown, table],
    ]),
  );
  return { totals: totals.take(), table: table.take() };
}

async function fill(
  reading: TableReading,
  request: TablesRequest,
  builders: ReadonlyMap<string, TableBuilder>,
): Promise<void> {
  const { store, generation } = reading;
  const { kind, scope } = request.source;
  if (generation === null || scope < 0) return;
  await betweenBlocks(reading);
  const wanted = { ...request, source: { kind, scope } };
  const found = await storedNumbers({ store, generation: generation.id }, wanted, [...builders.keys()]);
  for (const [breakdown, numbers] of found) {
    const builder = builders.get(breakdown);
    if (builder !== undefined) await addNumbers(reading, builder, { request, numbers });
  }
}

async function addNumbers(
  reading: TableReading,
  builder: TableBuilder,
  { request, numbers }: { readonly request: TablesRequest; readonly numbers: RollupsOfBreakdown },
): Promise<void> {
  const { span, openingSince, source } = request;
  const before = openingSince === null ? null : { from: EARLIEST, to: dayBefore(span.from) };
  // A year of holdings can have days on both sides of the first day.
  const [begin, beginEnd] = isDaily(source) ? [span.from, span.from] : [yearOfDay(span.from), yearOfDay(span.from) + 1];
  if (numbers.checkpoint !== null) builder.open(numbers.checkpoint.data);
  for (const [index, { period, data }] of numbers.parts.entries()) {
    if (index % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) await betweenBlocks(reading);
    if (before !== null && period < beginEnd) builder.openDays(data, before);
    if (period >= begin) builder.addDays(data, period, span);
  }
}

/** Days of use, or years of holdings, read between two turns. */
const PARTS_AT_ONCE = 256;

/** Usage has a blob for each day, records one for each year. */
function isDaily(source: Pick<TableSource, "kind">): boolean {
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

  constructor({ source, picks }: TablesRequest) {
    this.#scan = isDaily(source) ? new RowScan(USAGE_COUNTERS.length, picks) : new RecordScan(picks);
    this.#width = picks.length;
    this.#numbers = new Float64Array(FIRST_ROWS * this.#width);
  }

  addDays(data: Uint8Array, period: number, span: Span): void {
    const scan = this.#scan;
    if (scan instanceof RecordScan) scan.days(data, span, (day, key) => this.#add(day, key));
    else scan.rows(data, (key) => this.#add(period, key));
  }

  openDays(data: Uint8Array, span: Span): void {
    if (this.#scan instanceof RecordScan) this.#scan.days(data, span, (_day, key) => this.#open(key));
    else this.open(data);
  }

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
