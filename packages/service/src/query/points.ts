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

/** The points of one id for several metrics: days once, values per metric. */
export class PointColumns {
  readonly #days: number[] = [];
  readonly #values: readonly number[][];
  readonly #textOf: (day: number) => string;
  #texts: readonly string[] | null = null;

  constructor(metrics: number, textOf: (day: number) => string) {
    this.#textOf = textOf;
    this.#values = Array.from({ length: metrics }, () => []);
  }

  get length(): number {
    return this.#days.length;
  }

  add(
    day: number,
    measures: readonly Measure[],
    row: { readonly numbers: Float64Array; readonly offset: number },
  ): void {
    this.#days.push(day);
    for (const [index, read] of measures.entries()) this.#values[index]?.push(read(row.numbers, row.offset));
  }

  /** The year in which all points lie; undefined where they do not, or there are none. */
  get year(): number | undefined {
    const [first, last] = [this.#dates[0], this.#dates.at(-1)];
    const oneYear = first !== undefined && first.slice(0, 4) === last?.slice(0, 4);
    return oneYear ? Number(first.slice(0, 4)) : undefined;
  }

  /** Points of one metric: "MM-DD" where all lie in one year, else full dates. */
  points(metric: number): readonly Point[] {
    const values = this.#values[metric] ?? [];
    const start = this.year === undefined ? 0 : "YYYY-".length;
    return this.#dates.map((text, index): Point => [text.slice(start), values[index] ?? 0]);
  }

  get #dates(): readonly string[] {
    return (this.#texts ??= this.#days.map(this.#textOf));
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
  if (year === undefined)
    return {
      id,
      name,
      get data() {
        return data();
      },
      type,
      valueType,
    };
  return {
    id,
    name,
    get data() {
      return data();
    },
    type,
    valueType,
    year,
  };
}
