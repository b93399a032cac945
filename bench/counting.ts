/** Counts the facts of a data folder in a process of its own, so that time and memory are those of counting alone. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import { dayFromNumber, type DayNumber } from "../packages/contract/src/days.ts";
import { aggregate } from "../packages/service/src/aggregate/runner.ts";
import { openEngine } from "../packages/service/src/app.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";

export interface CountingJob {
  readonly dataDir: string;
  /** Last day to count, of each of the runs that the process makes one after the other. */
  readonly until: readonly number[];
  readonly workers: number;
}

export interface CountingResult {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** Seconds by step. */
  readonly steps: Readonly<Record<string, number>>;
}

/** Of each run. */
export async function counted(job: CountingJob): Promise<readonly CountingResult[]> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = await text(child.stdout);
  if (told === "") throw new Error("the counting process ended without a result");
  return JSON.parse(told);
}

async function count(job: CountingJob): Promise<readonly CountingResult[]> {
  const engine = await openEngine({ name: "embedded", dataDir: job.dataDir });
  try {
    const results: CountingResult[] = [];
    for (const last of job.until) results.push(await countUntil(engine, job, last));
    return results;
  } finally {
    await engine.close();
  }
}

async function countUntil(engine: Engine, { dataDir, workers }: CountingJob, last: number): Promise<CountingResult> {
  const begin = performance.now();
  const before = process.cpuUsage();
  const report = await aggregate(engine, {
    breakdowns: DEFAULT_BREAKDOWNS,
    endDay: dayFromNumber(last as DayNumber),
    workers,
    dataDir,
    owner: "bench",
    now: Date.now,
  });
  if (report.state !== "done") throw new Error(`the aggregation ended as ${JSON.stringify(report.failures)}`);
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - begin) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    steps: report.seconds,
  };
}

if (import.meta.main) process.stdout.write(JSON.stringify(await count(JSON.parse(process.argv[2] ?? "{}"))));
