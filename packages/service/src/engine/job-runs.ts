import type { JobRun } from "./control-store.ts";

/** Name of the runs that count. */
export const AGGREGATION_JOB = "aggregate";
const HEARTBEAT_LIMIT_MS = 120_000;

/** The run as a reader should see it: one that says it runs but has been silent for two minutes is interrupted. */
export function asShown(run: JobRun, now: number): JobRun {
  const silent = run.state === "running" && now - run.heartbeatAt > HEARTBEAT_LIMIT_MS;
  return silent ? { ...run, state: "interrupted" } : run;
}
