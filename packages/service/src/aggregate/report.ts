import type { Day } from "@community-stats/contract/days.ts";

export interface AggregationFailure {
  /** "2025-03-10", or a scope and kind. */
  readonly what: string;
  readonly error: string;
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
}
