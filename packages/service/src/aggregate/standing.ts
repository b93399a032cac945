import { dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import type { RunState } from "../engine/control-store.ts";
import type { Engine } from "../engine/engine.ts";
import { AGGREGATION_JOB } from "../engine/job-runs.ts";
import { planDays } from "./planner.ts";

/** How counting stands: what waits for it, and how it went the last time. Times are epoch milliseconds. */
export interface Standing {
  /** Days of use whose events came or changed since they were counted; without today, which is never complete. */
  readonly waitingDays: number;
  /** Records, memberships or deletions came since they were booked. */
  readonly waitingRecords: boolean;
  readonly lastRun: LastRun | null;
  /** Of the newest run that failed, where no later one was done. */
  readonly lastError: string | null;
}

export interface LastRun {
  readonly state: RunState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly owner: string;
}

const RUNS = 20;

export async function standing({ facts, rollups, control }: Engine, now: number): Promise<Standing> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  const counted = live === undefined ? [] : await rollups.countedDays(live.id);
  const progress = live === undefined ? null : await rollups.progress(live.id);
  const today = dayNumberOf(now as Instant);
  const eventDays = await facts.eventDays();
  const plan = planDays({ eventDays, counted, settledSeq: 0, from: -Infinity, to: today, today, recount: false });
  const runs = await control.runs(AGGREGATION_JOB, RUNS, now);
  const [last] = runs;
  const decided = runs.find(({ state }) => state === "done" || state === "failed" || state === "partial");
  return {
    waitingDays: plan.dirty.filter((day) => day !== today).length,
    waitingRecords: (await facts.recordSeq()) !== (progress?.recordSeq ?? 0),
    lastRun:
      last === undefined
        ? null
        : { state: last.state, startedAt: last.startedAt, endedAt: last.endedAt, owner: last.owner },
    lastError: decided === undefined || decided.state === "done" ? null : errorOf(decided.detail),
  };
}

function errorOf(detail: string): string {
  try {
    const value: unknown = JSON.parse(detail);
    if (typeof value !== "object" || value === null) return detail;
    if ("error" in value) return String(value.error);
    return "failures" in value ? JSON.stringify(value.failures) : detail;
  } catch {
    // What is no JSON is shown as it is.
    return detail;
  }
}
