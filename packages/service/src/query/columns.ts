import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { ColumnsAnswer, ColumnSeries } from "@community-stats/contract/series.ts";
import type { Span } from "../domain/periods.ts";
import { askedRange, existingDays, knownDays } from "./days.ts";
import type { ColumnsContext } from "./columns-context.ts";
import { PRESENCE } from "./file-presence.ts";
import { foldedNumbers, foldTable } from "./fold.ts";
import { freshnessOf } from "./freshness.ts";
import { readNames } from "./labels.ts";
import { partsOf } from "./measures.ts";
import { axisOf, describePeriods } from "./period-state.ts";
import type { ColumnsPlan } from "./plan.ts";
import { presenceColumns } from "./presence-columns.ts";
import { rollupKind, type Reading } from "./reading.ts";
import { chooseValues } from "./selection.ts";
import { readTable, readWithTotals, type Table } from "./table.ts";
import { valueColumns } from "./value-columns.ts";

/** One date axis and one array per series and metric: exactly what a widget draws. */
export async function columnsAnswer(reading: Reading, plan: ColumnsPlan): Promise<ColumnsAnswer> {
  const source = { kind: rollupKind(plan.side, plan.basis), scope: plan.scope.code, breakdown: "" };
  const known = await knownDays(reading, source);
  const range = askedRange(plan.asked, known);
  const span = range === null ? null : existingDays(plan.asked, known);
  const axis = axisOf(plan, reading.weekStart, { range, span, known });
  const openingSince = plan.kind === "snapshot" ? known.own : null;
  const context = { reading, plan, source, axis, span, openingSince, ...metricsOfPlan(plan) };
  const { series, valueCount } = await seriesOf(context);
  return {
    scope: plan.scope.key,
    side: plan.side,
    kind: plan.kind,
    basis: plan.basis,
    granularity: plan.granularity,
    from: range === null ? "" : dayFromNumber(range.from),
    to: range === null ? "" : dayFromNumber(range.to),
    breakdown: plan.breakdown?.name ?? null,
    periods: range === null ? [] : describePeriods(axis, range, known),
    series,
    valueCount,
    generated: reading.generated,
    ...freshnessOf(reading, known, range),
  };
}

function metricsOfPlan(plan: ColumnsPlan): Pick<ColumnsContext, "picks" | "metrics"> {
  const parts = plan.metrics.map((metric) => partsOf(metric, plan.side, plan.kind));
  const picks = [...new Set(parts.flatMap(({ plus, minus }) => [...plus, ...minus]))];
  const move = (position: number) => picks.indexOf(position);
  return {
    picks,
    metrics: plan.metrics.map((metric, index) => ({
      metric,
      plus: parts[index]?.plus.map(move) ?? [],
      minus: parts[index]?.minus.map(move) ?? [],
    })),
  };
}

/** What to read of the totals or of a breakdown, and where: no generation has what no day has. */
function tableOf({ reading, source, span, picks, openingSince }: ColumnsContext, breakdown: string) {
  const request = { source: { ...source, breakdown }, picks, openingSince, span: span ?? NO_DAYS };
  return { from: span === null ? { ...reading, generation: null } : reading, request };
}

const NO_DAYS = { from: 0, to: 0 } as Span;

async function seriesOf(context: ColumnsContext): Promise<{ series: readonly ColumnSeries[]; valueCount: number }> {
  const { reading, plan } = context;
  if (plan.breakdown === null || plan.breakdown === PRESENCE) {
    const { from, request } = tableOf(context, "");
    const totals = await readTable(from, request);
    const classes = plan.breakdown === null ? [] : presenceColumns(context, totals);
    return { series: [totalSeries(context, totals), ...classes], valueCount: classes.length };
  }
  const { from, request } = tableOf(context, plan.breakdown.name);
  const { totals, table } = await readWithTotals(from, request);
  const { texts, labelAt } = await readNames(reading, plan.breakdown, { side: plan.side, codes: table.codes });
  const chosen = chooseValues(context, table, texts);
  const values = valueColumns(context, plan.breakdown, { table, chosen, labelAt });
  return { series: [totalSeries(context, totals), ...values], valueCount: chosen.valueCount };
}

function totalSeries(context: ColumnsContext, table: Table): ColumnSeries {
  const fold = foldTable(context, table, { targets: new Int32Array(1), count: 1 });
  return { kind: "total", id: "", label: "", ...foldedNumbers(context, fold, 0) };
}
