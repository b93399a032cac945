import type { Day } from "@community-stats/contract/days.ts";
import type { BreakdownChange } from "./breakdown-change.ts";

export interface AggregationFailure {
  /** "2025-03-10", or a scope and kind. */
  readonly what: string;
  readonly error: string;
}

/** Breakdowns that a changed configuration made to be counted apart from the rest. */
export interface BreakdownWork extends BreakdownChange {
  /** Days of use counted for these alone. */
  readonly days: number;
  /** Scopes whose records were booked for these alone. */
  readonly scopes: number;
  /** They are among the numbers that are shown; before, these are as they were. */
  readonly isInUse: boolean;
}

/**
 * What a run did. `partial`: some days or scopes failed, the others are counted. `interrupted`: it was told to stop, or lost its
 * lease; the next run goes on. `held`: another run is going on, nothing was done.
 */
export interface AggregationReport {
  readonly state: "done" | "partial" | "interrupted" | "held";
  /** Who holds the lease; only when `held`. */
  readonly heldBy: string | null;
  /** Days of use counted. */
  readonly days: number;
  /** Days of use that were more than a run may count: the next run goes on with them. */
  readonly remaining: number;
  /** Scopes whose records were booked. */
  readonly scopes: number;
  readonly failures: readonly AggregationFailure[];
  /** By step, in seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  /** The bookmark: last day fully counted. */
  readonly through: Day | null;
  /** Numbers changed because rules changed: this run switched to the new ones. */
  readonly restated: boolean;
  /** Null where the breakdowns are those of before. */
  readonly breakdowns: BreakdownWork | null;
}

/** What two runs did, one after the other; how it stands is told by the second. */
export function joinedReports(before: AggregationReport, after: AggregationReport): AggregationReport {
  const steps = new Set([...Object.keys(before.seconds), ...Object.keys(after.seconds)]);
  return {
    ...after,
    days: before.days + after.days,
    scopes: Math.max(before.scopes, after.scopes),
    failures: [...before.failures, ...after.failures],
    seconds: Object.fromEntries(
      Array.from(steps, (step) => [step, (before.seconds[step] ?? 0) + (after.seconds[step] ?? 0)]),
    ),
    restated: before.restated || after.restated,
    breakdowns: joinedWork(before.breakdowns, after.breakdowns),
  };
}

function joinedWork(before: BreakdownWork | null, after: BreakdownWork | null): BreakdownWork | null {
  if (before === null || after === null) return after ?? before;
  return { ...after, days: before.days + after.days, scopes: Math.max(before.scopes, after.scopes) };
}
