import type { ColumnsAnswer, Granularity, Period } from "@community-stats/contract/series.ts";
import type { Draw } from "../charts/time-scene.ts";
import type { TimeDrawing } from "../charts/time-picture.ts";
import type { TimeTick } from "../charts/ticks.ts";
import { breakdownNoun, fullSeriesName, seriesNamer } from "../messages/names.ts";
import * as say from "../messages/sentences.ts";
import { unitOf, type MetricRef, type Words } from "../messages/words.ts";
import { totalOf, type Compared } from "../select/comparison.ts";
import { dayRuns, gapDays, knownSpan, type DayRun } from "@community-stats/contract/knowledge.ts";
import { shareOf, type TimeRows } from "../select/time-rows.ts";
import type { TipRow } from "../ui/reading.ts";

/** Everything that a time chart says and draws, before any element exists. */
export interface ChartModel {
  readonly words: Words;
  readonly metric: MetricRef;
  readonly answer: ColumnsAnswer;
  readonly rows: TimeRows;
  readonly breakdown: string | null;
  readonly draw: Draw;
  readonly folded: readonly (number | null)[] | null;
  readonly compared: Compared | null;
  /** "in the same days of 2025" */
  readonly against: string;
  /** "Same week of 2025" */
  readonly otherName: string;
  readonly binary: boolean;
  /** Keys of series that the reader has taken out of the picture. */
  readonly hidden: ReadonlySet<string>;
}

const LAST = 5;

export function chartSentence(model: ChartModel): string {
  const { words, metric, answer, rows } = model;
  const span = knownSpan(answer);
  if (span === null || rows.whole === null) return "";
  const facts = { metric, granularity: rows.granularity, periods: rows.periods, values: rows.totals };
  const level =
    answer.kind === "delta"
      ? say.levelOverPeriod(words, {
          metric,
          value: rows.whole,
          from: span.from,
          to: span.to,
          gapDays: gapDays(answer).length,
        })
      : say.levelAt(words, { metric, value: rows.whole, day: span.to, before: model.compared?.other ?? null });
  const values = rows.series.filter(({ source }) => source.kind === "value");
  const nameOf = seriesNamer(model);
  const parts = values.map(({ source, total }) => ({ name: nameOf(source), value: total ?? 0 }));
  const moves =
    answer.kind === "delta"
      ? [
          model.compared === null || rows.whole === 0 ? null : say.change(words, model.compared, model.against),
          say.peak(words, facts),
        ]
      : [say.threshold(words, facts)];
  const leaders = rows.whole > 0 ? say.leaders(words, { leaders: parts, whole: rows.whole }) : null;
  return say.joined([level, ...moves, leaders], LAST);
}

export function chartCaption(model: ChartModel): string {
  const { words, rows, metric } = model;
  const title = words.metricTitle(metric);
  return rows.kind === "delta"
    ? words.text(`per.${rows.granularity}`, { metric: title })
    : words.text(`perEnd.${rows.granularity}`, { metric: title });
}

const DRAWN = { bar: "Bars", line: "Lines", area: "Areas" } as const;
const DRAWN_ONE = { bar: "bars", line: "lines", area: "areas" } as const;

export function chartLabel(model: ChartModel): string {
  const { words, breakdown, draw } = model;
  const caption = chartCaption(model);
  const chart =
    breakdown === null
      ? words.text(`chart.${DRAWN_ONE[draw]}`, { caption })
      : words.text(`chart.by${DRAWN[draw]}`, { caption, breakdown: breakdownNoun(words, breakdown) });
  return model.folded === null ? chart : words.text("chart.withCompare", { chart });
}

export function seriesNames(model: ChartModel): readonly string[] {
  const nameOf = seriesNamer(model);
  return model.rows.series.map(({ source }) => nameOf(source));
}

/** The rows without what the reader has hidden. */
function visibleRows({ rows, hidden }: ChartModel): TimeRows {
  const series = rows.series.filter(({ key }) => !hidden.has(key));
  return series.length === rows.series.length ? rows : { ...rows, series };
}

/** Runs of periods without numbers, each with the days it stands for. */
function gapLabels({ words, answer, rows }: ChartModel): TimeDrawing["gaps"] {
  return dayRuns(gapDays(answer)).flatMap((run: DayRun) => {
    const inside = rows.periods.flatMap((period, index) =>
      period.to >= run.from && period.from <= run.to ? [index] : [],
    );
    const first = inside[0];
    const last = inside.at(-1);
    const days = words.dates.range(run.from, run.to, false);
    return first === undefined || last === undefined
      ? []
      : [{ first, last, text: words.text("chart.noDataDays", { days }) }];
  });
}

const MOST_GAP_LABELS = 3;

/** The value that stands in the plot: the highest of a period, or where a running total has come to. */
function labelled({ words, metric, answer, draw }: ChartModel, rows: TimeRows): TimeDrawing["peak"] {
  // Of several lines none is at the height of what they add up to.
  if (draw === "line" && rows.series.length > 1) return null;
  const top =
    answer.kind === "snapshot"
      ? rows.series.length === 1
        ? lastOf(rows.totals)
        : null
      : say.peakOf({ values: rows.totals });
  return top === null ? null : { index: top.index, text: words.amount(metric, top.value) };
}

function lastOf(values: readonly (number | null)[]): { readonly index: number; readonly value: number } | null {
  const index = values.findLastIndex((value) => value !== null);
  const value = values[index] ?? null;
  return value === null ? null : { index, value };
}

export function chartDrawing(model: ChartModel): TimeDrawing {
  const { words, metric, binary, draw } = model;
  const rows = visibleRows(model);
  const whole = rows === model.rows;
  const bytes = unitOf(metric) === "bytes";
  const gaps = gapLabels(model);
  return {
    rows,
    draw,
    compare: model.folded,
    binary,
    unit: bytes ? "bytes" : "count",
    peak: whole ? labelled(model, rows) : null,
    gaps: gaps.length > MOST_GAP_LABELS ? [] : gaps,
    names: seriesNames({ ...model, rows }),
    valueLabel: (value, short) => tickText(words, { bytes, value, short }),
    timeLabel: (tick) => timeText(words, tick, rows.granularity),
  };
}

function tickText(
  words: Words,
  { bytes, value, short }: { readonly bytes: boolean; readonly value: number; readonly short: boolean },
): string {
  if (bytes) return words.numbers.bytes(value);
  return short ? words.numbers.compact(value) : words.numbers.full(value);
}

function timeText(words: Words, tick: TimeTick, granularity: Granularity): string {
  const { day, unit, year } = tick;
  if (unit === "day") return words.dates.range(day, day, false);
  if (unit === "year") return day.slice(0, 4);
  if (unit === "quarter" || granularity === "quarter") return words.period({ from: day, to: day }, "quarter", year);
  return words.dates.month(day, year ? "shortYear" : "short");
}

/** What the reader of a chart hears at one place. */
export function pointText(model: ChartModel, index: number, only: number | null): string {
  const { words, metric, rows } = model;
  const period = rows.periods[index];
  if (period === undefined) return "";
  const title = periodTitle(model, period);
  const total = rows.totals[index] ?? null;
  const names = seriesNames(model);
  const shown = rows.series.flatMap((series, place) =>
    only === null || only === place ? [{ series, name: names[place] ?? "" }] : [],
  );
  if (total === null) return words.text("chart.pointNone", { period: title });
  const value = `${words.amount(metric, total)} ${words.noun(metric, total)}`;
  const known = period.state === "partial" ? words.text("chart.pointPartial", { value }) : value;
  const parts = shown
    .filter(({ series }) => (series.values[index] ?? 0) !== 0)
    .map(({ series, name }) => words.text("chart.part", { name, n: words.amount(metric, series.values[index] ?? 0) }))
    .join(", ");
  const read =
    model.breakdown === null || parts === ""
      ? words.text("chart.point", { period: title, value: known })
      : words.text("chart.pointOf", { period: title, value: known, parts });
  const other = model.folded?.[index] ?? null;
  const compared =
    other === null
      ? read
      : words.text("chart.compared", { point: read, name: model.otherName, n: words.amount(metric, other) });
  return period.state === "open" ? words.text("chart.pointUnfinished", { point: compared }) : compared;
}

export function periodTitle({ words, rows }: ChartModel, period: Period): string {
  return words.text(`title.${rows.granularity}`, { name: words.period(period, rows.granularity, true) });
}

export function tipRows(model: ChartModel, index: number): readonly TipRow[] {
  const { words, metric, rows } = model;
  const amount = (value: number | null): string =>
    value === null ? words.text("table.noteNone") : words.amount(metric, value);
  const split = model.breakdown !== null;
  const shareText = (value: number | null): string => {
    const share = shareOf(value, rows.totals[index] ?? null);
    return share === null ? "" : words.numbers.percent(share);
  };
  const nameOf = seriesNamer(model, fullSeriesName);
  const parts = rows.series
    .map(({ key, slot, source, values }): TipRow => ({
      key,
      swatch: { slot },
      name: split ? nameOf(source) : words.metricTitle(metric),
      value: atLeast(rows.periods[index], amount(values[index] ?? null), split),
      ...(split ? { share: shareText(values[index] ?? null) } : {}),
    }))
    .toReversed();
  const other = model.folded?.[index];
  return [
    ...parts,
    ...(split
      ? [
          {
            key: "all",
            swatch: null,
            name: words.text("all"),
            value: atLeast(rows.periods[index], amount(rows.totals[index] ?? null), false),
            sum: true,
          },
        ]
      : []),
    ...(other === undefined
      ? []
      : [{ key: "compare", swatch: "compare" as const, name: model.otherName, value: amount(other) }]),
  ];
}

/** What is known only in part is marked; parts of it are not, for nobody knows which of them lacks something. */
export function atLeast(period: Period | undefined, text: string, part: boolean): string {
  return period?.state === "partial" && !part ? `≥ ${text}` : text;
}

/** Whether there is anything to draw. */
export function isEmpty({ answer, metric }: Pick<ChartModel, "answer" | "metric">): boolean {
  const total = totalOf(answer);
  const values = total?.metrics[metric.name] ?? [];
  return total === undefined || values.every((value) => value === null || value === 0);
}
