import type { DayNumber } from "@community-stats/contract/days.ts";
import { RECORD_COUNTERS, USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { unpackDays, unpackRows } from "../domain/packing.ts";
import { firstDayOfYear, yearOfDay, type Span } from "../domain/periods.ts";
import type { Reading, TableSource } from "./reading.ts";

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

export async function readTable(reading: Reading, request: TableRequest): Promise<Table> {
  const builder = new TableBuilder(request.picks);
  if (reading.generation === null || request.source.scope < 0) return builder.take();
  if (request.opening) await readOpening(reading, request, builder);
  await readDays(reading, request, { span: request.span, visit: builder.add });
  return builder.take();
}

/** The newest checkpoint before the range, then the days between it and the range. */
async function readOpening(reading: Reading, request: TableRequest, builder: TableBuilder): Promise<void> {
  const { source, span } = request;
  if (reading.generation === null) return;
  const checkpoint = await reading.store.checkpoint(reading.generation.id, source, yearOfDay(span.from) - 1);
  if (checkpoint !== null) {
    unpackRows(checkpoint.data, storedWidth(source), (key, counters) => builder.open(0, key, counters));
  }
  const from = checkpoint === null ? EARLIEST : firstDayOfYear(checkpoint.period + 1);
  if (from >= span.from) return;
  await readDays(reading, request, { span: { from, to: dayBefore(span.from) }, visit: builder.open });
}

interface DayVisit {
  readonly span: Span;
  readonly visit: (day: number, key: number, counters: Float64Array) => void;
}

async function readDays(reading: Reading, { source }: TableRequest, { span, visit }: DayVisit): Promise<void> {
  if (reading.generation === null) return;
  const width = storedWidth(source);
  const daily = source.kind === "usage";
  const [from, to] = daily ? [span.from, span.to] : [yearOfDay(span.from), yearOfDay(span.to)];
  const parts = await reading.store.read(reading.generation.id, { ...source, from, to });
  for (const { period, data } of parts) {
    if (daily) unpackRows(data, width, (key, counters) => visit(period, key, counters));
    else {
      unpackDays(data, width, (day, key, counters) => {
        if (day >= span.from && day <= span.to) visit(day, key, counters);
      });
    }
  }
}

const EARLIEST = firstDayOfYear(0);

function dayBefore(day: DayNumber): DayNumber {
  return (day - 1) as DayNumber;
}

function storedWidth(source: TableSource): number {
  return source.kind === "usage" ? USAGE_COUNTERS.length : RECORD_COUNTERS.length;
}

/** Collects rows into columns that grow by doubling. */
class TableBuilder {
  readonly #picks: Int32Array;
  readonly #width: number;
  #count = 0;
  #days = new Int32Array(1024);
  #slots = new Int32Array(1024);
  #numbers: Float64Array;
  #opening: Float64Array = new Float64Array(0);
  readonly #slotOf = new Map<number, number>();

  constructor(picks: readonly number[]) {
    this.#picks = Int32Array.from(picks);
    this.#width = picks.length;
    this.#numbers = new Float64Array(1024 * this.#width);
  }

  readonly add = (day: number, key: number, counters: Float64Array): void => {
    if (this.#count === this.#days.length) this.#grow();
    const row = this.#count++;
    this.#days[row] = day;
    this.#slots[row] = this.#slot(key);
    copy(counters, this.#picks, { into: this.#numbers, at: row * this.#width });
  };

  readonly open = (_day: number, key: number, counters: Float64Array): void => {
    const at = this.#slot(key) * this.#width;
    if (at >= this.#opening.length) this.#opening = enlarged(this.#opening, 2 * (at + this.#width));
    for (let index = 0; index < this.#width; index++) {
      this.#opening[at + index] = (this.#opening[at + index] ?? 0) + (counters[this.#picks[index] ?? 0] ?? 0);
    }
  };

  take(): Table {
    const codes = [...this.#slotOf.keys()];
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
    const known = this.#slotOf.get(key);
    if (known !== undefined) return known;
    const slot = this.#slotOf.size;
    this.#slotOf.set(key, slot);
    return slot;
  }

  #grow(): void {
    const days = new Int32Array(this.#days.length * 2);
    days.set(this.#days);
    const slots = new Int32Array(days.length);
    slots.set(this.#slots);
    this.#days = days;
    this.#slots = slots;
    this.#numbers = enlarged(this.#numbers, days.length * this.#width);
  }
}

function copy(counters: Float64Array, picks: Int32Array, target: { into: Float64Array; at: number }): void {
  for (let index = 0; index < picks.length; index++) {
    target.into[target.at + index] = counters[picks[index] ?? 0] ?? 0;
  }
}

/** The same numbers in a longer array, zeros behind; a shorter one is cut. */
function enlarged(numbers: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(numbers.length > length ? numbers.subarray(0, length) : numbers);
  return larger;
}
