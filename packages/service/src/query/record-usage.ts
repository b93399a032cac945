import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { RecordUsageAnswer } from "@community-stats/contract/records.ts";
import type { ColumnSeries } from "@community-stats/contract/series.ts";
import { askedRange, existingDays, knownDays } from "./days.ts";
import { freshnessOf } from "./freshness.ts";
import { axisOf, describePeriods, type Axis } from "./period-state.ts";
import { namedRecord } from "./record-names.ts";
import type { RecordUsagePlan } from "./record-plan.ts";
import { scanUse } from "./record-use.ts";
import type { Reading } from "./reading.ts";
import { UseTable } from "./use-table.ts";

/** The columns of one record: all versions of its work as the total, this version as the only value. */
export async function recordUsage(reading: Reading, plan: RecordUsagePlan): Promise<RecordUsageAnswer> {
  const { scope, asked } = plan;
  const { head, state } = await namedRecord(reading.records, scope, plan.record);
  const known = await knownDays(reading, { kind: "usage", scope: scope.code, breakdown: "" });
  const range = askedRange(asked, known);
  const span = existingDays(asked, known);
  const axis = axisOf(plan, reading.weekStart, { range, span, known });
  const table = new UseTable(2 * strideOf(axis));
  if (span !== null) {
    const versions = (await reading.records.heads("parent", [head.parent])).get(head.parent) ?? [head];
    const codes = await codesOf(
      reading,
      versions.map(({ record }) => record),
    );
    const own = codes.get(head.record);
    const periodOf = cursor(axis);
    const wanted = new Set(codes.values());
    await scanUse(reading, { scope, span, last: Math.max(-1, ...wanted) }, (record, day, values) => {
      if (!wanted.has(record)) return;
      for (const series of record === own ? [ALL, THIS] : [ALL]) {
        const at = series * strideOf(axis);
        const period = periodOf(day);
        if (period < axis.periods.length) table.add(at + period, day, values);
        table.add(at + axis.periods.length, day, values);
      }
    });
  }
  const numbers = (series: number) => seriesNumbers(plan, { axis, table, series, isKnown: span !== null });
  const title = state === "deleted" ? null : head.title;
  return {
    scope: scope.key,
    side: "usage",
    kind: "delta",
    basis: "added",
    granularity: plan.granularity,
    from: range === null ? "" : dayFromNumber(range.from),
    to: range === null ? "" : dayFromNumber(range.to),
    breakdown: "versions",
    periods: range === null ? [] : describePeriods(axis, range, known),
    series: [
      { kind: "total", id: "", label: "", ...numbers(ALL) },
      { kind: "value", id: head.record, label: title ?? head.record, ...numbers(THIS) },
    ],
    valueCount: 1,
    generated: reading.generated,
    record: {
      record: head.record,
      parent: head.parent,
      state,
      title,
      resourceType: head.resourceType,
      author: state === "deleted" ? null : head.author,
      year: head.year,
    },
    ...freshnessOf(reading, known, range),
  };
}

const ALL = 0;
const THIS = 1;

function strideOf({ periods }: Axis): number {
  return periods.length + 1;
}

/** Codes of those records that were ever used. */
async function codesOf(reading: Reading, records: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const codes = new Map<string, number>();
  for (const record of records) {
    const code = await reading.store.code("record", record);
    if (code >= 0) codes.set(record, code);
  }
  return codes;
}

/** Index of the period of a day; days must not descend. */
function cursor({ periods }: Axis): (day: number) => number {
  let period = 0;
  return (day) => {
    while (period < periods.length && (periods[period]?.to ?? 0) < day) period++;
    return period;
  };
}

interface SeriesTable {
  readonly axis: Axis;
  readonly table: UseTable;
  readonly series: number;
  readonly isKnown: boolean;
}

function seriesNumbers(
  { metrics }: RecordUsagePlan,
  { axis, table, series, isKnown }: SeriesTable,
): Pick<ColumnSeries, "metrics" | "totals"> {
  const at = series * strideOf(axis);
  return {
    metrics: Object.fromEntries(
      metrics.map((metric) => [
        metric,
        axis.knownDays.map((days, period) => (days === 0 ? null : table.number(at + period, metric))),
      ]),
    ),
    totals: Object.fromEntries(
      metrics.map((metric) => [metric, isKnown ? table.number(at + axis.periods.length, metric) : null]),
    ),
  };
}
