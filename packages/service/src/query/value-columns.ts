import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { ColumnSeries } from "@community-stats/contract/series.ts";
import type { ColumnsContext } from "./columns-context.ts";
import { foldedNumbers, foldTable } from "./fold.ts";
import { displayLabel, type LabelAt } from "./labels.ts";
import type { AnyMetric } from "./measures.ts";
import type { ChosenValues } from "./selection.ts";
import type { Table } from "./table.ts";

export interface ValueNumbers {
  readonly table: Table;
  readonly chosen: ChosenValues;
  readonly labelAt: LabelAt;
}

/** The series of a breakdown: the shown values, the rest, and what states no value. One pass over the rows. */
export function valueColumns(
  context: ColumnsContext,
  breakdown: Breakdown,
  { table, chosen, labelAt }: ValueNumbers,
): readonly ColumnSeries[] {
  const { shown, others, notStated } = chosen;
  const [otherTarget, notStatedTarget] = [shown.length, shown.length + 1];
  const targets = new Int32Array(table.codes.length).fill(-1);
  for (const slot of others) targets[slot] = otherTarget;
  if (notStated >= 0) targets[notStated] = notStatedTarget;
  for (const [index, { slot }] of shown.entries()) if (slot >= 0) targets[slot] = index;
  const fold = foldTable(context, table, { targets, count: shown.length + 2 });
  const lastDay = context.span?.to ?? 0;
  const numbers = (target: number) => foldedNumbers(context, fold, target);
  const series = shown.map(({ id, slot }, index): ColumnSeries => ({
    kind: "value",
    id,
    label: slot < 0 ? id : displayLabel(labelAt(table.codes[slot] ?? -1, lastDay), id),
    ...withoutTotalsOnly(context, numbers(index)),
  }));
  if (others.length > 0)
    series.push(otherSeries(context, breakdown, { count: others.length, ...numbers(otherTarget) }));
  if (notStated >= 0) {
    const unstated = withoutTotalsOnly(context, numbers(notStatedTarget));
    series.push({ kind: "notStated", id: "", label: "", ...unstated });
  }
  return series;
}

type Numbers = Pick<ColumnSeries, "metrics" | "totals">;

function otherSeries(context: ColumnsContext, breakdown: Breakdown, rest: Numbers & { count: number }): ColumnSeries {
  const isExact = (metric: AnyMetric) =>
    metric.totalsOnly !== true && (rest.count === 1 || addsUpOverValues(metric, breakdown));
  return { kind: "other", id: "", label: "", ...keep(context, rest, isExact), values: rest.count };
}

/** Nobody knows the parts of what is counted in total only. */
export function withoutTotalsOnly(context: ColumnsContext, numbers: Numbers): Numbers {
  return keep(context, numbers, (metric) => metric.totalsOnly !== true);
}

function keep({ plan, axis }: ColumnsContext, numbers: Numbers, isKnown: (metric: AnyMetric) => boolean): Numbers {
  const unknown = plan.metrics.filter((metric) => !isKnown(metric));
  const nothing = axis.periods.map(() => null);
  return {
    metrics: { ...numbers.metrics, ...Object.fromEntries(unknown.map(({ name }) => [name, nothing])) },
    totals: { ...numbers.totals, ...Object.fromEntries(unknown.map(({ name }) => [name, null])) },
  };
}

/**
 * Whether the numbers of several values may be added: never where a record can carry several, and of distinct things only
 * those that carry exactly one value. Works and people can appear under two values, a record in two countries.
 */
function addsUpOverValues(metric: AnyMetric, breakdown: Breakdown): boolean {
  if (breakdown.multiple) return false;
  switch (metric.unit) {
    case "events":
    case "bytes":
      return true;
    case "records":
    case "files":
      return metric.distinctPerDay !== true || breakdown.usage?.from === "record";
    case "works":
    case "visitors":
    case "people":
      return false;
    default:
      return metric.unit satisfies never;
  }
}
