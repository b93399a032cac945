import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { metricNamed } from "@community-stats/contract/metrics.ts";
import type { DataRef } from "@community-stats/contract/widgets.ts";

export function isSeveral(breakdown: string): boolean {
  return DEFAULT_BREAKDOWNS.find(({ name }) => name === breakdown)?.multiple ?? true;
}

/** Whether the numbers of a metric can be split by a breakdown at all. */
export function canSplit(data: DataRef, breakdown: string): boolean {
  const found = DEFAULT_BREAKDOWNS.find(({ name }) => name === breakdown);
  if (metricNamed(data.side, data.metric)?.totalsOnly) return false;
  return found === undefined ? true : found[data.side] !== null || breakdown === "referrers";
}

export function isDistinct(data: DataRef): boolean {
  return metricNamed(data.side, data.metric)?.distinctPerDay === true && data.kind === "delta";
}
