import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AGGREGATION_LEASE } from "../../src/aggregate/aggregation-lease.ts";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate, type AggregationReport } from "../../src/aggregate/runner.ts";
import { openEngine } from "../../src/app.ts";
import type { Timing } from "../../src/config/timing.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { type BeatJob, runDue } from "../../src/schedule/beat.ts";
import { WORKED_FILES } from "../commands/process.ts";

const HOUR = 3_600_000;
const START = Date.parse("2025-03-13T00:05:00Z");
const HOURS = 7 * 24;
const TIMINGS: readonly Timing[] = [{ kind: "cron", name: "count", pattern: "40 * * * *" }];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "week-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Views of an hour; every fifth hour brings some of two days before, and after hour 100 one of a day that was complete long ago. */
function linesOf(hour: number): string {
  const stamp = (back: number, second: number) =>
    new Date(START + (hour - back) * HOUR + second * 1000).toISOString().slice(0, 19);
  const view = (back: number, second: number, visitor: string) =>
    JSON.stringify({
      event: "record-view",
      timestamp: stamp(back, second),
      updated_timestamp: stamp(0, 1800),
      recid: "r1",
      parent_recid: "p1",
      unique_id: "ui_r1",
      visitor_id: visitor,
      country: hour % 3 === 0 ? "CH" : null,
    });
  const late = hour % 5 === 0 ? [view(50, 40, `late${hour}`)] : [];
  const veryLate = hour === 100 ? [view(99, 50, "very late")] : [];
  return [view(0, 10, `a${hour}`), view(0, 900, `b${hour % 24}`), ...late, ...veryLate].join("\n");
}

async function feed(engine: Engine, files: readonly string[], text?: string): Promise<void> {
  const stdin = text === undefined ? {} : { stdin: lines(text) };
  await ingestFiles({ files, facts: engine.facts, rejectsDir: join(folder, "rejects"), now: () => START, ...stdin });
}

async function* lines(text: string): AsyncGenerator<string> {
  yield text;
}

function counting(engine: Engine, owner: string, now: number, mostDays?: number): Promise<AggregationReport> {
  const limit = mostDays === undefined ? {} : { mostDays };
  return aggregate(engine, {
    breakdowns: DEFAULT_BREAKDOWNS,
    workers: 1,
    owner,
    now: () => now,
    leaseTtlMs: 60_000,
    ...limit,
  });
}

async function digest({ rollups }: Engine): Promise<string> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  return await canonicalDigest(rollups, live?.id ?? -1);
}

it("counts a week as one run does, whatever comes late, sleeps or dies, and begins nothing twice", async () => {
  await using week = await open();
  await using once = await open();
  const { control } = week.engine;
  const begun: { slot: number; state: string }[] = [];
  let now = START;
  const scheduler = (owner: string, dies: (slot: number) => boolean) => {
    const stop = new AbortController();
    const job: BeatJob = {
      name: "aggregation",
      timings: TIMINGS,
      run: async () => {
        const slot = Math.floor((now - 40 * 60_000) / HOUR);
        if (dies(slot)) {
          // Killed in the middle: its lease is left behind, and it never looks again.
          await control.acquire(AGGREGATION_LEASE, owner, 60_000, now);
          begun.push({ slot, state: "killed" });
          stop.abort();
          return;
        }
        const { state } = await counting(week.engine, owner, now, 2);
        begun.push({ slot, state });
      },
    };
    return () => runDue({ control, jobs: [job], timeZone: "UTC", now: () => now, owner, signal: stop.signal });
  };
  const killedAt = Math.floor(START / HOUR) + 30;
  const first = scheduler("first.example:1", (slot) => slot >= killedAt);
  const second = scheduler("second.example:2", () => false);
  for (let hour = 0; hour < HOURS; hour++) {
    await feed(week.engine, ["-"], linesOf(hour));
    const isAsleep = hour >= 60 && hour < 71;
    for (const minute of [5, 40, 55]) {
      now = START - 5 * 60_000 + hour * HOUR + minute * 60_000;
      // Both look at the same moment.
      if (!isAsleep) await Promise.all([first(), second()]);
    }
  }
  const slots = begun.map(({ slot }) => slot);
  expect(new Set(slots).size).toBe(slots.length);
  // Eleven hours asleep are made up for by one run.
  expect(begun).toHaveLength(HOURS - 11 + 1);
  expect(begun.filter(({ state }) => state === "killed")).toHaveLength(1);
  expect(begun.filter(({ state }) => state !== "done")).toHaveLength(1);

  const all = Array.from({ length: HOURS }, (_, hour) => linesOf(hour)).join("\n");
  await feed(once.engine, ["-"], all);
  const end = now + HOUR;
  expect((await counting(once.engine, "once", end)).remaining).toBe(0);
  while ((await counting(week.engine, "last", end, 2)).remaining > 0);
  expect(await digest(week.engine)).toBe(await digest(once.engine));
});

it("counts so many days at a stretch, the oldest first, and goes on where it was", async () => {
  await using world = await open();
  const now = START + 40 * HOUR;
  for (const hour of [0, 30]) await feed(world.engine, ["-"], linesOf(hour));
  const steps: unknown[] = [];
  for (let left = 1; left > 0;) {
    const { days, remaining, through } = await counting(world.engine, "steps", now, 2);
    steps.push([days, remaining, through]);
    left = remaining;
  }
  expect(steps).toEqual([
    [2, 3, "2025-03-11"],
    [2, 1, "2025-03-13"],
    [1, 0, "2025-03-13"],
  ]);
});

async function open() {
  const engine = await openEngine({ name: "memory", dataDir: folder });
  await feed(engine, WORKED_FILES);
  return { engine, [Symbol.asyncDispose]: () => engine.close() };
}
