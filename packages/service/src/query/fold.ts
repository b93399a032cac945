import type { ColumnSeries } from "@community-stats/contract/series.ts";
import type { ColumnsContext, FoldedMetric } from "./columns-context.ts";
import type { Table } from "./table.ts";

/** Which series each slot is folded into; -1 for none. */
export interface FoldTargets {
  readonly targets: Int32Array;
  readonly count: number;
}

/** Numbers by target, metric, period; behind the periods of each stands the number of the whole range. */
export interface Fold {
  readonly numbers: Float64Array;
}

/** Sums rows into periods; running totals for snapshots. Everything is linear, so values may be folded together. */
export function foldTable(context: ColumnsContext, table: Table, { targets, count }: FoldTargets): Fold {
  const { axis, metrics } = context;
  const stride = axis.periods.length + 1;
  const numbers = new Float64Array(count * metrics.length * stride);
  const opening = new Float64Array(count * metrics.length);
  const periodOf = periodCursor(context);
  for (let row = 0; row < table.count; row++) {
    const period = periodOf(table.days[row] ?? 0);
    const target = targets[table.slots[row] ?? 0] ?? -1;
    if (target < 0) continue;
    addMetrics(numbers, {
      metrics,
      table: table.numbers,
      from: row * table.width,
      at: target * metrics.length,
      stride,
      period,
    });
  }
  for (let slot = 0; slot < table.codes.length; slot++) {
    const target = targets[slot] ?? -1;
    if (target < 0) continue;
    addMetrics(opening, {
      metrics,
      table: table.opening,
      from: slot * table.width,
      at: target * metrics.length,
      stride: 1,
      period: 0,
    });
  }
  finish(numbers, { opening, stride, running: context.plan.kind === "snapshot" });
  return { numbers };
}

interface Addition {
  readonly metrics: readonly FoldedMetric[];
  readonly table: Float64Array;
  readonly from: number;
  /** First series of the target. */
  readonly at: number;
  readonly stride: number;
  readonly period: number;
}

function addMetrics(into: Float64Array, { metrics, table, from, at, stride, period }: Addition): void {
  for (let index = 0; index < metrics.length; index++) {
    const metric = metrics[index];
    if (metric === undefined) continue;
    let value = 0;
    for (const position of metric.plus) value += table[from + position] ?? 0;
    for (const position of metric.minus) value -= table[from + position] ?? 0;
    const cell = (at + index) * stride + period;
    into[cell] = (into[cell] ?? 0) + value;
  }
}

/** Fills the number of the whole range, and turns changes into running totals. */
function finish(
  numbers: Float64Array,
  { opening, stride, running }: { opening: Float64Array; stride: number; running: boolean },
): void {
  for (let series = 0; series < opening.length; series++) {
    const at = series * stride;
    let sum = running ? (opening[series] ?? 0) : 0;
    for (let period = 0; period < stride; period++) {
      sum += numbers[at + period] ?? 0;
      if (running) numbers[at + period] = sum;
    }
    numbers[at + stride - 1] = sum;
  }
}

/** Index of the period of a day; days must not descend. Without an axis everything falls into the whole range. */
function periodCursor({ axis }: ColumnsContext): (day: number) => number {
  let period = 0;
  return (day) => {
    while (period < axis.periods.length && (axis.periods[period]?.to ?? 0) < day) period++;
    return period;
  };
}

/** The arrays and totals of one folded series; nulls where nothing is known. */
export function foldedNumbers(
  { plan, axis, span }: ColumnsContext,
  fold: Fold,
  target: number,
): Pick<ColumnSeries, "metrics" | "totals"> {
  const metrics: Record<string, (number | null)[]> = {};
  const totals: Record<string, number | null> = {};
  for (const [index, metric] of plan.metrics.entries()) {
    const at = (target * plan.metrics.length + index) * (axis.periods.length + 1);
    metrics[metric.name] = axis.knownDays.map((days, period) => (days === 0 ? null : (fold.numbers[at + period] ?? 0)));
    totals[metric.name] = span === null ? null : (fold.numbers[at + axis.periods.length] ?? 0);
  }
  return { metrics, totals };
}
