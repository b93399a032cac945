import type { Book, DocumentQuery, FactKind, Oracle } from "../oracle/oracle.ts";
import { dayNamed, dayText } from "../oracle/instants.ts";
import type { DayMetrics, Metrics } from "../oracle/metrics.ts";
import type { Subcount } from "../oracle/subcounts.ts";
import { compareText } from "../oracle/text.ts";
import { periodNamed } from "./calendar.ts";

/** A question for one date axis and an array per series. */
export interface ColumnsQuestion {
  readonly query: DocumentQuery;
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  readonly granularity: string;
  readonly subcount: Subcount | null;
  /** All of the side; the first one ranks. */
  readonly metrics: readonly string[];
  readonly top: number;
}

interface Series {
  readonly kind: "total" | "value" | "other" | "notStated";
  readonly id: string;
  readonly label: unknown;
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  readonly totals: Readonly<Record<string, number | null>>;
  readonly values?: number;
}
export interface ExpectedColumns {
  readonly periods: readonly { readonly from: string; readonly to: string; readonly state: string }[];
  readonly series: readonly Series[];
  readonly valueCount: number;
}

/** The answer by the book: day by day from the oracle, put together with loops. */
export function expectedColumns(oracle: Oracle, question: ColumnsQuestion, endDate: string): ExpectedColumns {
  const days = daysBetween(number(question.from), number(question.to));
  const first = oracle.firstDayOfAll(kindOf(question.query));
  const known = days.filter((day) => first !== null && day >= first && day <= number(endDate));
  const periods = periodsOf(days, question.granularity);
  const sheet: Sheet = { oracle, question, known, periods, daily: dailyOf(oracle, question, known) };
  const { series, valueCount } = allSeries(sheet);
  return {
    periods: periods.map((period) => ({
      from: dayText(period[0] ?? 0),
      to: dayText(period.at(-1) ?? 0),
      state: stateOf(period, { oracle, question, days, endDate }),
    })),
    series,
    valueCount,
  };
}

interface Sheet {
  readonly oracle: Oracle;
  readonly question: ColumnsQuestion;
  /** The days of the range that have numbers. */
  readonly known: readonly number[];
  readonly periods: readonly (readonly number[])[];
  readonly daily: ReadonlyMap<number, DayMetrics>;
}

function isSnapshot({ query }: ColumnsQuestion): boolean {
  return query.includes("-snapshot");
}

/** A running total is needed where a period ends only; what a day changed, on each. */
function dailyOf(oracle: Oracle, question: ColumnsQuestion, known: readonly number[]): ReadonlyMap<number, DayMetrics> {
  const book: Book = question;
  return new Map(known.map((day) => [day, oracle.metrics(book, day)]));
}

/** Every day of the whole periods that the range touches. */
function periodsOf(days: readonly number[], granularity: string): readonly (readonly number[])[] {
  const name = (day: number) => periodNamed(day, granularity);
  return Array.from(new Set(days.map(name)), (period) => {
    const inside = days.filter((day) => name(day) === period);
    const [begin = 0, end = 0] = [inside[0], inside.at(-1)];
    return daysBetween(begin - 366, end + 366).filter((day) => name(day) === period);
  });
}

interface StateQuestion {
  readonly oracle: Oracle;
  readonly question: ColumnsQuestion;
  readonly days: readonly number[];
  readonly endDate: string;
}

function stateOf(period: readonly number[], { oracle, question, days, endDate }: StateQuestion): string {
  const [own, all] = [
    oracle.firstDay(kindOf(question.query), question.scope),
    oracle.firstDayOfAll(kindOf(question.query)),
  ];
  if (period.some((day) => day > number(endDate))) return "open";
  const beginsInside = own !== null && period.slice(1).includes(own);
  const whole = period.every((day) => days.includes(day) && all !== null && day >= all);
  return whole && !beginsInside ? "complete" : "cut";
}

function allSeries(sheet: Sheet): { series: readonly Series[]; valueCount: number } {
  const { question, oracle, known } = sheet;
  const total: Series = { kind: "total", id: "", label: "", ...numbersOf(sheet, ({ total: own }) => own) };
  if (question.subcount === null) return { series: [total], valueCount: 0 };
  const active = activeValues(sheet);
  const ranked = active.filter((id) => id !== "").toSorted((left, right) => byFirstMetric(sheet, left, right));
  const [shown, others] = [ranked.slice(0, question.top), ranked.slice(question.top)];
  const series = [
    total,
    ...shown.map((id): Series => {
      const label = oracle.label(question, id, known.at(-1) ?? 0);
      return { kind: "value", id, label: label === "" ? id : label, ...ofValues(sheet, [id]) };
    }),
  ];
  if (others.length > 0) {
    series.push({ kind: "other", id: "", label: "", ...ofValues(sheet, others), values: others.length });
  }
  if (active.includes("")) series.push({ kind: "notStated", id: "", label: "", ...ofValues(sheet, [""]) });
  return { series, valueCount: ranked.length };
}

/** Values of which anything changed in the range or, for running totals, anything is counted at its end. */
function activeValues({ question, oracle, known, daily }: Sheet): readonly string[] {
  const changes: Book = { ...question, query: changesOf(question.query) };
  const changed = known.flatMap((day) => Array.from(oracle.metrics(changes, day).values.keys()));
  const last = isSnapshot(question) ? daily.get(known.at(-1) ?? 0) : undefined;
  const standing = Array.from(last?.values ?? []).filter(([, metrics]) =>
    question.metrics.some((name) => (metrics[name] ?? 0) !== 0),
  );
  return Array.from(new Set([...changed, ...standing.map(([id]) => id)]));
}

function changesOf(query: DocumentQuery): DocumentQuery {
  return query.replace("-snapshot", "-delta") as DocumentQuery;
}

function byFirstMetric(sheet: Sheet, left: string, right: string): number {
  const [first = ""] = sheet.question.metrics;
  const value = (id: string) => over(sheet, sheet.known, (day) => (day.values.get(id) ?? {})[first] ?? 0) ?? 0;
  return value(right) - value(left) || compareText(left, right);
}

type Numbers = Pick<Series, "metrics" | "totals">;

function numbersOf(sheet: Sheet, own: (day: DayMetrics) => Metrics, isKnown = (_metric: string) => true): Numbers {
  const { question, known, periods } = sheet;
  const cell = (metric: string, days: readonly number[]) =>
    isKnown(metric)
      ? over(
          sheet,
          days.filter((day) => known.includes(day)),
          (day) => own(day)[metric] ?? 0,
        )
      : null;
  const perMetric = <Cell>(value: (metric: string) => Cell) =>
    Object.fromEntries(question.metrics.map((metric) => [metric, value(metric)]));
  return {
    metrics: perMetric((metric) => periods.map((period) => cell(metric, period))),
    totals: perMetric((metric) => cell(metric, known)),
  };
}

function ofValues(sheet: Sheet, ids: readonly string[]): Numbers {
  const { question } = sheet;
  const sum = (day: DayMetrics): Metrics =>
    Object.fromEntries(
      question.metrics.map((metric) => [
        metric,
        ids.reduce((total, id) => total + ((day.values.get(id) ?? {})[metric] ?? 0), 0),
      ]),
    );
  return numbersOf(sheet, sum, (metric) => metric !== "uploaders" && (ids.length === 1 || addsUp(metric, question)));
}

/** Numbers of several values have a sum only where nothing that is counted can be under two of them. */
function addsUp(metric: string, { query, subcount }: ColumnsQuestion): boolean {
  const SEVERAL = ["languages", "subjects", "rights", "funders", "affiliations", "file_types"];
  if (subcount === null || SEVERAL.includes(subcount.name)) return false;
  if (["views", "downloads", "dataVolume", "records", "recordsAdded", "recordsRemoved", "fileCount"].includes(metric)) {
    return true;
  }
  const isOneRecord = ["viewUniqueRecords", "downloadUniqueRecords", "downloadUniqueFiles"].includes(metric);
  return isOneRecord && query.includes("usage") && subcount.usage?.from === "record";
}

/** Changes add up; of running totals the last one counts. Null where no day is known. */
function over(sheet: Sheet, days: readonly number[], value: (day: DayMetrics) => number): number | null {
  const numbers = days
    .map((day) => sheet.daily.get(day))
    .filter((day) => day !== undefined)
    .map(value);
  if (numbers.length === 0) return null;
  return isSnapshot(sheet.question) ? (numbers.at(-1) ?? 0) : numbers.reduce((sum, number_) => sum + number_, 0);
}

export function kindOf(query: DocumentQuery): FactKind {
  if (query.startsWith("community-usage")) return "usage";
  return (["added", "created", "published"] as const).find((basis) => query.endsWith(basis)) ?? "added";
}

function daysBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

function number(day: string): number {
  const named = dayNamed(day);
  if (named === null) throw new Error(`no day: ${day}`);
  return named;
}
