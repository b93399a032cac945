import type { Kind } from "@community-stats/contract/metrics.ts";
import type { ColumnsAnswer, ColumnSeries, Granularity, Period } from "@community-stats/contract/series.ts";
import { totalOf } from "./comparison.ts";
import { slotsOf, type Slot } from "./slots.ts";

export interface TimeSeries {
  /** "total", "other", "notStated" or "value:<id>". */
  readonly key: string;
  readonly source: ColumnSeries;
  readonly values: readonly (number | null)[];
  readonly total: number | null;
  readonly share: number | null;
  readonly slot: Slot;
}

/** What a time chart draws: one date axis, series in order of rank, and what they add up to. */
export interface TimeRows {
  readonly kind: Kind;
  readonly granularity: Granularity;
  readonly from: string;
  readonly to: string;
  readonly periods: readonly Period[];
  readonly series: readonly TimeSeries[];
  /** Per period, all series together. */
  readonly totals: readonly (number | null)[];
  readonly whole: number | null;
  /** Whether the series add up to the totals. */
  readonly additive: boolean;
}

export interface TimeChoice {
  readonly metric: string;
  readonly breakdown: string | null;
  /** A record can have several values of the breakdown. */
  readonly several: boolean;
  /** Values in the order that gives them their colours. */
  readonly order: readonly string[];
  /** The axis ends here or with its last period, whichever is first. */
  readonly today: string;
}

export function timeRows(answer: ColumnsAnswer, choice: TimeChoice): TimeRows {
  const total = totalOf(answer);
  const parts = choice.breakdown === null ? [] : answer.series.filter((series) => isPart(series, choice));
  const drawn = parts.length === 0 && total !== undefined ? [total] : parts;
  const whole = total?.totals[choice.metric] ?? null;
  const values = drawn.filter(({ kind }) => kind === "value").map(({ id }) => id);
  const slots = slotsOf(values, choice.order);
  return {
    kind: answer.kind,
    granularity: answer.granularity,
    from: answer.from,
    to: axisEnd(answer, choice.today),
    periods: answer.periods,
    series: drawn.map((source) => ({
      key: keyOf(source),
      source,
      values: source.metrics[choice.metric] ?? [],
      total: source.totals[choice.metric] ?? null,
      share: shareOf(source.totals[choice.metric] ?? null, whole),
      slot:
        source.kind === "value" ? (slots[values.indexOf(source.id)] ?? "other") : source.kind === "total" ? 1 : "other",
    })),
    totals: total?.metrics[choice.metric] ?? summed(drawn, choice.metric, answer.periods.length),
    whole,
    additive: !choice.several,
  };
}

/** The last period is drawn in full, but not beyond today. */
function axisEnd(answer: ColumnsAnswer, today: string): string {
  const last = answer.periods.at(-1);
  if (last?.state !== "open") return answer.to;
  const end = last.to < today ? last.to : today;
  return end < answer.to ? answer.to : end;
}

/** With several values per record the remainder has no sum that could be drawn. */
function isPart(series: ColumnSeries, choice: TimeChoice): boolean {
  if (series.kind === "total") return false;
  const drawn = series.kind === "value" || !choice.several;
  return drawn && (series.metrics[choice.metric] ?? []).some((value) => value !== null && value !== 0);
}

export function keyOf(series: ColumnSeries): string {
  return series.kind === "value" ? `value:${series.id}` : series.kind;
}

/** Where more was removed than added somewhere, a part can be more than the whole: such a part has no share. */
export function shareOf(value: number | null, whole: number | null): number | null {
  return value === null || whole === null || whole <= 0 || value < 0 || value > whole ? null : value / whole;
}

function summed(series: readonly ColumnSeries[], metric: string, length: number): readonly (number | null)[] {
  return Array.from({ length }, (_, index) => {
    const known = series.map(({ metrics }) => metrics[metric]?.[index] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
