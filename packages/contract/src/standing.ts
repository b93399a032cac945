import type { ServiceStatus } from "./page.ts";

/** A run that counted. Times are ISO 8601. */
export interface CountingRun {
  readonly state: "running" | "done" | "partial" | "failed" | "interrupted";
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** How far one kind of numbers of one scope goes. All days are YYYY-MM-DD; null where there is none. */
export interface AggregationStanding {
  /** "usage", or "records-" and the date that places a record. */
  readonly aggregation: string;
  readonly firstDay: string | null;
  /** Last day with numbers, complete or not. */
  readonly lastDay: string | null;
  /** Last complete day. */
  readonly bookmark: string | null;
  /** Number of days with numbers. */
  readonly days: number;
  readonly missingDays: number;
  /** Days from the bookmark to today; 1 is as good as it gets. */
  readonly age: number | null;
  /** Complete days among those from the first to yesterday, 0 to 1. */
  readonly covered: number;
  /** Of use: days that wait to be counted, since the scope has records. */
  readonly waitingDays: number;
  /** Something waits: days of use; of holdings, facts about records that are not booked. */
  readonly isWaiting: boolean;
  /** The newest run that counted this; null where none is remembered. */
  readonly lastRun: CountingRun | null;
  /** The newest run could not count all of it. */
  readonly failed: boolean;
}

export interface ScopeStanding {
  /** "global" or the community's id. */
  readonly id: string;
  readonly slug: string | null;
  readonly title: string | null;
  readonly aggregations: readonly AggregationStanding[];
}

/** Answer of `GET <apiBase>/status?scopes=…`: the repository first, then communities by their titles, or as they were named. */
export interface StandingAnswer extends ServiceStatus {
  readonly scopes: readonly ScopeStanding[];
}

/** Where a dashboard's numbers tell how far they go; for a route as well as an address. */
export function standingPath(dashboard: string): string {
  return `${dashboard === "/" ? "" : dashboard}/status`;
}
