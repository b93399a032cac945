import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Engine } from "../engine/engine.ts";
import type { Generation, Progress } from "../engine/rollup-store.ts";
import type { DayLimits } from "./findings.ts";
import type { BookedAgain } from "./recount-request.ts";
import type { RunNote } from "./run-note.ts";

export interface AggregationSettings {
  readonly breakdowns: readonly Breakdown[];
  /** Whose values are read out of records, and kept: these and perhaps more, so that whoever counts all need not read them again. */
  readonly read: readonly Breakdown[];
  readonly workers: number | null;
  readonly dataDir: string | undefined;
  readonly now: () => number;
  /** Days of use of the range to count again from here on, whether anything changed or not; Infinity: none. */
  readonly recountFrom: number;
  /** Scopes whose records are booked again. */
  readonly bookAgain: BookedAgain;
  readonly updateBookmark: boolean;
  /** Most days of use to count, the oldest first; not where days are counted again. */
  readonly mostDays: number;
  readonly batchDays: number;
}

export interface AggregationInput {
  readonly engine: Engine;
  readonly note: RunNote;
  /** Of the target, before this run. */
  readonly before: Progress;
  readonly limits: DayLimits;
  readonly settings: AggregationSettings;
  readonly target: Generation;
  readonly replaces: Generation | null;
  /** The target holds a part of the breakdowns, beside the live numbers. */
  readonly isPart: boolean;
}

/** Tells that a step begins, and takes down how long it took. */
export type TimedStep = <T>(step: string, work: () => Promise<T>) => Promise<T>;
