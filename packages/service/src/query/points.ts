import type { Label } from "@community-stats/contract/documents.ts";
import { BadRequestError } from "@community-stats/contract/problems.ts";
import type { Point, WireSeries } from "@community-stats/contract/series.ts";
import type { Measure } from "./walk.ts";

/** Most points of one answer in the wire shape; it is built whole in memory. */
const MAX_POINTS = 6_000_000;

/** Counts the points of an answer. */
export class PointBudget {
  #left = MAX_POINTS;

  /** @throws BadRequestError when the answer grows too large to be given at once. */
  spend(points: number): void {
    this.#left -= points;
    if (this.#left >= 0) return;
    throw new BadRequestError(
      "TOO_MANY_POINTS",
      `The answer would hold more than ${MAX_POINTS.toLocaleString("en")} points.`,
      "Ask for fewer years, one category, or the columns shape with a coarser granularity.",
    );
  }
}

/** Rows of a table's metrics in large blocks: as many small arrays would be garbage while they grow. */
export class PointRows {
  readonly #width: number;
  readonly #blocks: Float64Array[] = [];
  #count = 0;

  /** @param width numbers in a row, one for each metric. */
  constructor(width: number) {
    this.#width = width;
  }

  /** Keeps what the measures read, and returns the number of the row. */
  add(
    measures: readonly Measure[],
    { numbers, offset }: { readonly numbers: Float64Array; readonly offset: number },
  ): number {
    const at = (this.#count % BLOCK_ROWS) * this.#width;
    if (at === 0) this.#blocks.push(new Float64Array(BLOCK_ROWS * this.#width));
    const block = this.#blocks.at(-1);
    if (block !== undefined)
      for (let index = 0; index < measures.length; index++) block[at + index] = measures[index]?.(numbers, offset) ?? 0;
    return this.#count++;
  }

  value(row: number, metric: number): number {
    return this.#blocks[Math.floor(row / BLOCK_ROWS)]?.[(row % BLOCK_ROWS) * this.#width + metric] ?? 0;
  }
}

const BLOCK_ROWS = 1024;
const FIRST_POINTS = 32;

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}

/** The points of one id for several metrics: its days, and where their numbers are. */
export class PointColumns {
  /** Typed: thousands of growing lists would survive long enough to make the collector's young half grow. */
  #days = new Int32Array(FIRST_POINTS);
  #rows = new Int32Array(FIRST_POINTS);
  #count = 0;
  readonly #values: PointRows;
  readonly #textOf: (day: number) => string;

  constructor(values: PointRows, textOf: (day: number) => string) {
    this.#values = values;
    this.#textOf = textOf;
  }

  get length(): number {
    return this.#count;
  }

  add(
    day: number,
    measures: readonly Measure[],
    row: { readonly numbers: Float64Array; readonly offset: number },
  ): void {
    if (this.#count === this.#days.length) {
      this.#days = doubled(this.#days);
      this.#rows = doubled(this.#rows);
    }
    this.#days[this.#count] = day;
    this.#rows[this.#count++] = this.#values.add(measures, row);
  }

  /** The year in which all points lie; undefined where they do not, or there are none. */
  get year(): number | undefined {
    if (this.#count === 0) return undefined;
    const [first = 0, last = 0] = [this.#days[0], this.#days[this.#count - 1]];
    const year = this.#textOf(first).slice(0, 4);
    return year === this.#textOf(last).slice(0, 4) ? Number(year) : undefined;
  }

  /** Points of one metric with full dates, each made when its turn comes. */
  *dated(metric: number): Generator<Point> {
    for (let index = 0; index < this.#count; index++) {
      yield [this.#textOf(this.#days[index] ?? 0), this.#values.value(this.#rows[index] ?? 0, metric)];
    }
  }

  /** Points of one metric: "MM-DD" where all lie in one year, else full dates. */
  points(metric: number): readonly Point[] {
    const start = this.year === undefined ? 0 : "YYYY-".length;
    return Array.from(this.#days.subarray(0, this.#count), (day, index): Point => [
      this.#textOf(day).slice(start),
      this.#values.value(this.#rows[index] ?? 0, metric),
    ]);
  }
}

export interface SeriesHead {
  readonly id: string;
  readonly name: Label;
  readonly type: "bar" | "line";
  readonly valueType: "number" | "filesize";
}

/** The points are made each time they are read: as pairs of text and number, a large answer would take ten times its memory. */
export function wireSeries(
  columns: PointColumns,
  metric: number,
  { id, name, type, valueType }: SeriesHead,
): WireSeries {
  const { year } = columns;
  const data = () => columns.points(metric);
  const series: WireSeries = {
    id,
    name,
    get data() {
      return data();
    },
    type,
    valueType,
    ...(year === undefined ? {} : { year }),
  };
  DATED.set(series, { length: columns.length, [Symbol.iterator]: () => columns.dated(metric) });
  return series;
}

/** Points that are made one after the other, at each reading anew. */
interface CountedPoints extends Iterable<Point> {
  readonly length: number;
}
const DATED = new WeakMap<WireSeries, CountedPoints>();

/** The points of a series with full dates: a file of millions is written without lists of them. */
export function datedPoints(series: WireSeries): CountedPoints {
  return DATED.get(series) ?? { length: series.data.length, [Symbol.iterator]: () => fullDates(series) };
}

function* fullDates({ data, year }: WireSeries): Generator<Point> {
  const prefix = year === undefined ? "" : `${String(year).padStart(4, "0")}-`;
  for (const [date, value] of data) yield [prefix + date, value];
}
