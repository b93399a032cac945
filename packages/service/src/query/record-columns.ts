import { ADDITIVE_USE, type RecordListAnswer } from "@community-stats/contract/records.ts";
import type { ColumnsAnswer, ColumnSeries } from "@community-stats/contract/series.ts";

/** A list of records in the columns shape, without an axis: one value for each record, and everything that is not listed. */
export function listColumns(answer: RecordListAnswer): ColumnsAnswer {
  const { records, other, count, per, scope, from, to, generated } = answer;
  const { asOf, ruleVersion, firstDay, updatedAt, missingDays, incompleteDays } = answer;
  const series = records.map((record): ColumnSeries => {
    const id = per === "record" ? record.record : record.parent;
    return { kind: "value", id, label: record.title ?? id, metrics: {}, totals: record.metrics };
  });
  const rest = Math.max(0, count - records.length);
  const hasRest = ADDITIVE_USE.some((name) => other[name] !== 0);
  if (hasRest) series.push({ kind: "other", id: "", label: "", metrics: {}, totals: other, values: rest });
  return {
    scope,
    from,
    to,
    generated,
    asOf,
    ruleVersion,
    firstDay,
    updatedAt,
    missingDays,
    incompleteDays,
    side: "usage",
    kind: "delta",
    basis: "added",
    granularity: "day",
    breakdown: per === "record" ? "records" : "parents",
    periods: [],
    series,
    valueCount: count,
  };
}
