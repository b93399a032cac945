import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Side } from "@community-stats/contract/metrics.ts";
import type { PageValue } from "@community-stats/contract/page.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import type { Queries } from "./queries.ts";
import type { QueryResult } from "./run-plan.ts";
import type { Caller } from "./scopes.ts";

export interface WantedValue {
  /** Key of the scope. */
  readonly scope: string;
  readonly breakdown: Breakdown;
  readonly id: string;
}

/** What of a value is counted for a side, so that one that came and went is known as well. */
const ACTIVITY: Readonly<Record<Side, { readonly query: string; readonly metrics: readonly string[] }>> = {
  records: { query: "record-delta-category", metrics: ["records_added", "records_removed"] },
  usage: { query: "usage-delta-category", metrics: ["views", "downloads"] },
};
const SIDES = ["records", "usage"] as const;

/** A value with its name; null where nothing in the scope ever stated it. */
export async function lookUpValue(queries: Queries, wanted: WantedValue, caller: Caller): Promise<PageValue | null> {
  const { breakdown, id } = wanted;
  for (const side of SIDES) {
    if (breakdown[side] === null) continue;
    const { query, parameters } = activityOf(side, wanted);
    const label = labelIn(await queries.run(await queries.plan(query, parameters, caller)), id);
    if (label !== null) return { breakdown: breakdown.name, id, label };
  }
  return null;
}

function activityOf(side: Side, { scope, breakdown, id }: WantedValue) {
  const { query, metrics } = ACTIVITY[side];
  return {
    query,
    parameters: { community_id: scope, shape: "totals", breakdowns: [breakdown.name], values: [id], metrics },
  };
}

function labelIn(result: QueryResult, id: string): PageValue["label"] | null {
  if (result.form !== "columns" || !isOne(result.answer)) return null;
  const found = result.answer.series.find((series) => series.kind === "value" && series.id === id);
  const isActive = found !== undefined && Object.values(found.totals).some((total) => total !== null && total !== 0);
  return isActive ? found.label : null;
}

function isOne(answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>): answer is ColumnsAnswer {
  return Array.isArray(answer.series);
}
