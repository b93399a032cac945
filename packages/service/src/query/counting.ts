import { dayNumberOf, type DayNumber, type Instant } from "@community-stats/contract/days.ts";
import type { CountingRun } from "@community-stats/contract/standing.ts";
import { z } from "zod";
import type { JobRun } from "../engine/control-store.ts";
import type { Engine } from "../engine/engine.ts";
import { AGGREGATION_JOB } from "../engine/job-runs.ts";
import { parseJson } from "./json-text.ts";
import type { Reading } from "./reading.ts";

/** Use is counted by the day, for all scopes at once; records are booked by the scope. */
export type CountedSide = "usage" | "records";

/** What waits to be counted, and how counting went. */
export interface Counting {
  /** Days whose events are not those that were counted; without today, which is never complete. */
  readonly waitingDays: readonly DayNumber[];
  /** Records, memberships or deletions came since they were booked. */
  readonly waitingRecords: boolean;
  /** The newest runs that counted one and the other; null where none is remembered. */
  readonly lastRun: Readonly<Record<CountedSide, CountingRun | null>>;
  /** What the newest run that came to an end could not count: days, `records of <scope>`, or, as "", anything. */
  readonly failures: readonly { readonly what: string; readonly error: string }[];
}

/** Runs that are looked through. */
const RUNS = 50;

const reportSchema = z.object({
  seconds: z.record(z.string(), z.number()).catch({}),
  failures: z.array(z.object({ what: z.string(), error: z.string() })).catch([]),
  error: z.string().optional().catch(undefined),
});
type Report = z.infer<typeof reportSchema>;
const NO_REPORT: Report = { seconds: {}, failures: [] };

export async function readCounting({ facts, control }: Engine, reading: Reading, now: number): Promise<Counting> {
  const runs = (await control.runs(AGGREGATION_JOB, RUNS, now)).map((run) => ({ run, report: reportOf(run) }));
  const decided = runs.find(({ run }) => run.state === "done" || run.state === "partial" || run.state === "failed");
  return {
    waitingDays: await waitingDays(facts, reading, dayNumberOf(now as Instant)),
    waitingRecords: (await facts.recordSeq()) !== Math.max(0, reading.progress.recordSeq),
    lastRun: { usage: lastWith(runs, "usage"), records: lastWith(runs, "ledger") },
    failures: decided === undefined ? [] : failuresOf(decided.report),
  };
}

async function waitingDays(facts: Engine["facts"], reading: Reading, today: DayNumber): Promise<readonly DayNumber[]> {
  const { generation, store } = reading;
  const counted = generation === null ? [] : await store.countedDays(generation.id);
  const versions = new Map(counted.map(({ day, eventVersion }) => [day, eventVersion]));
  for (const { day, version } of await facts.eventDays()) {
    if (versions.get(day) === version) versions.delete(day);
    else versions.set(day, version);
  }
  // What is left has other events, or was counted when it had some: version 0 stands for a day without.
  const stale = [...versions].filter(([day, version]) => day < today && version !== 0);
  return stale.map(([day]) => day).toSorted((a, b) => a - b);
}

interface ReportedRun {
  readonly run: JobRun;
  readonly report: Report;
}

function lastWith(runs: readonly ReportedRun[], step: string): CountingRun | null {
  const found = runs.find(({ report }) => report.seconds[step] !== undefined);
  if (found === undefined) return null;
  const { state, startedAt, endedAt } = found.run;
  return { state, startedAt: iso(startedAt), endedAt: endedAt === null ? null : iso(endedAt) };
}

function failuresOf({ failures, error }: Report): Counting["failures"] {
  return error === undefined ? failures : [...failures, { what: "", error }];
}

/** The detail of a run that has only begun may be empty. */
function reportOf({ detail }: JobRun): Report {
  const report = reportSchema.safeParse(parseJson(detail));
  return report.success ? report.data : NO_REPORT;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Why a side of a scope is not whole; null where nothing failed. */
export function errorOf({ failures }: Counting, side: CountedSide, scope: string): string | null {
  const own = failures.filter(
    ({ what }) => what === "" || (side === "usage" ? DAY.test(what) : what === `records of ${scope}`),
  );
  return own.length === 0 ? null : own.map(({ what, error }) => (what === "" ? error : `${what}: ${error}`)).join("; ");
}
