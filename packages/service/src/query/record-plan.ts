import { BadRequestError } from "@community-stats/contract/problems.ts";
import type { NamedQuery } from "@community-stats/contract/queries.ts";
import { RECORD_UNITS, type RecordUnit } from "@community-stats/contract/records.ts";
import { camelCase } from "@community-stats/contract/breakdowns.ts";
import type { Granularity } from "@community-stats/contract/series.ts";
import type { PlannedScope } from "./daily.ts";
import type { AskedDays } from "./days.ts";
import { shorten, type QueryParameters } from "./parameters.ts";
import { nearest } from "./nearest.ts";
import { USE_METRICS, type UseMetric } from "./use-table.ts";

/** Whose restricted records may be named: a restricted community's own, to whoever may read that community. */
export interface RecordScope extends PlannedScope {
  readonly isRestricted: boolean;
}

/** A list of the most used records. */
export interface RecordListPlan {
  readonly scope: RecordScope;
  readonly asked: AskedDays;
  readonly metric: "views" | "downloads";
  readonly per: RecordUnit;
  readonly offset: number;
  readonly limit: number;
}

/** The use of one record, and of all versions of its work. */
export interface RecordUsagePlan {
  readonly scope: RecordScope;
  readonly asked: AskedDays;
  readonly record: string;
  readonly granularity: Granularity;
  readonly metrics: readonly UseMetric[];
  /** False: only one number per series and metric, no axis. */
  readonly axis: boolean;
}

type Common = Pick<RecordListPlan, "scope" | "asked">;

const DEFAULT_LIMIT = 10;

export function planRecordList(query: NamedQuery, common: Common, parameters: QueryParameters): RecordListPlan {
  return {
    ...common,
    metric: query.rankedBy ?? "views",
    per: unitOf(parameters.per ?? "parent"),
    offset: parameters.offset ?? 0,
    limit: parameters.limit ?? DEFAULT_LIMIT,
  };
}

export function planRecordUsage(
  common: Common,
  parameters: QueryParameters,
  { granularity, axis }: Pick<RecordUsagePlan, "granularity" | "axis">,
): RecordUsagePlan {
  const names = parameters.metrics ?? (parameters.metric === undefined ? USE_METRICS : [parameters.metric]);
  return {
    ...common,
    record: parameters.record_id ?? "",
    granularity,
    metrics: [...new Set(names.map(useMetric))],
    axis,
  };
}

function unitOf(text: string): RecordUnit {
  const unit = RECORD_UNITS.find((known) => known === text);
  if (unit !== undefined) return unit;
  throw new BadRequestError(
    "INVALID_PARAMETER",
    `The parameter "per" cannot be "${shorten(text)}".`,
    "Give parent (all versions of a work together) or record (each version for itself).",
  );
}

function useMetric(name: string): UseMetric {
  const metric = USE_METRICS.find((known) => known === camelCase(name));
  if (metric !== undefined) return metric;
  throw new BadRequestError(
    "UNKNOWN_METRIC",
    `There is no metric "${shorten(name)}" of single records.`,
    `${nearest(name, USE_METRICS)}Use one of: ${USE_METRICS.join(", ")}; or the same in snake_case.`,
  );
}
