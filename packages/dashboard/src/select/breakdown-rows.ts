import type { ColumnsAnswer, ColumnSeries } from "@community-stats/contract/series.ts";
import { totalOf } from "./comparison.ts";
import { keyOf, shareOf } from "./time-rows.ts";

export interface BreakdownRow {
  readonly key: string;
  readonly source: ColumnSeries;
  /** Null for the remainder where it has no sum. */
  readonly value: number | null;
  readonly share: number | null;
  /** Length of the bar, 0–1 of the longest. */
  readonly size: number;
}

export interface BreakdownRows {
  /** Values by rank, then the remainder, then what states no value. */
  readonly rows: readonly BreakdownRow[];
  readonly whole: number | null;
  readonly valueCount: number;
}

export interface BreakdownChoice {
  readonly metric: string;
  readonly top: number;
  readonly several: boolean;
}

const ORDER: Readonly<Record<ColumnSeries["kind"], number>> = { total: 0, value: 1, other: 2, notStated: 3 };

export function breakdownRows(answer: ColumnsAnswer, choice: BreakdownChoice): BreakdownRows {
  const whole = totalOf(answer)?.totals[choice.metric] ?? sumOf(answer, choice.metric);
  const parts = answer.series
    .filter((series) => isShown(series, choice.metric))
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind]);
  const valueOf = (series: ColumnSeries): number | null =>
    series.kind === "other" && choice.several ? null : (series.totals[choice.metric] ?? null);
  const longest = Math.max(1, ...parts.map((series) => Math.abs(valueOf(series) ?? 0)));
  return {
    whole,
    valueCount: answer.valueCount,
    rows: parts.map((source) => {
      const value = valueOf(source);
      return { key: keyOf(source), source, value, share: shareOf(value, whole), size: Math.abs(value ?? 0) / longest };
    }),
  };
}

function isShown(series: ColumnSeries, metric: string): boolean {
  if (series.kind === "total") return false;
  const value = series.totals[metric] ?? null;
  return series.kind === "other" ? (series.values ?? 0) > 0 : value !== null && value !== 0;
}

function sumOf(answer: ColumnsAnswer, metric: string): number | null {
  const known = answer.series.map(({ totals }) => totals[metric] ?? null).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
