import { metricNamed } from "@community-stats/contract/metrics.ts";
import type { PageBreakdown } from "@community-stats/contract/page.ts";
import { FILE_PRESENCE } from "@community-stats/contract/series.ts";
import type { DataRef } from "@community-stats/contract/widgets.ts";

type Breakdowns = readonly PageBreakdown[];

export function isSeveral(breakdowns: Breakdowns, breakdown: string): boolean {
  if (breakdown === FILE_PRESENCE) return false;
  return breakdowns.find(({ name }) => name === breakdown)?.several ?? true;
}

/** Whether the numbers of a metric can be split by a breakdown at all. */
export function canSplit(breakdowns: Breakdowns, { side, metric }: DataRef, breakdown: string): boolean {
  if (metricNamed(side, metric)?.totalsOnly) return false;
  if (breakdown === FILE_PRESENCE) return side === "records";
  return breakdowns.find(({ name }) => name === breakdown)?.[side] ?? false;
}

export function isDistinct(data: DataRef): boolean {
  return metricNamed(data.side, data.metric)?.distinctPerDay === true && data.kind === "delta";
}
