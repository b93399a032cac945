import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { globalTotals } from "../../src/aggregate/restatement.ts";
import { openEngine } from "../../src/app.ts";
import { Random } from "../../src/demo/random.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { smallData } from "./small-data.ts";
import { type ChildTask, Victim } from "./victim.ts";

/** Of all processes: the data lie wholly in the past. */
const NOW = Date.now();
const SEED = 7;
const KILLS_PER_TASK = 26;
const CHANGE_KILLS = 6;
/** Of the time of a child: the rest is its start. */
const WORKING_SHARE = 0.6;
const SUITE_MS = 400_000;
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

describe("faults of the embedded engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "community-stats-faults-"));
  const files = smallData(folder);
  const undisturbed = join(folder, "undisturbed");
  let digest = "";
  let events = 0;
  let took = { ingest: 0, aggregate: 0 };

  /** Every other round by way of the inbox, and with two workers. */
  const task = (kind: ChildTask["kind"], dataDir: string, round = 0): ChildTask => {
    const [workers, batchEvents] = round % 2 === 0 ? [1, 1_000] : [2, 400];
    return { kind, dataDir, files, now: NOW, workers, batchEvents, waits: "nowhere" };
  };
  const finish = async (kind: ChildTask["kind"], dataDir: string): Promise<Record<string, unknown>> =>
    await new Victim(task(kind, dataDir)).report();

  beforeAll(async () => {
    took = { ingest: await timed(() => finish("ingest", undisturbed)), aggregate: 0 };
    cpSync(undisturbed, join(folder, "facts"), { recursive: true });
    took = { ...took, aggregate: await timed(() => finish("aggregate", undisturbed)) };
    digest = await digestOf(undisturbed);
    events = await countEvents(undisturbed);
  }, SUITE_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Kills the task at random instants until it has been killed often enough; starts anew whenever it got done. */
  const torment = async (kind: "ingest" | "aggregate"): Promise<Outcome[]> => {
    const random = new Random(SEED + kind.length);
    const span = took[kind];
    const outcomes: Outcome[] = [];
    let kills = 0;
    for (let round = 0; kills < KILLS_PER_TASK; round++) {
      const dataDir = join(folder, `${kind}-${round}`);
      if (kind === "aggregate") cpSync(join(folder, "facts"), dataDir, { recursive: true });
      kills += await tormentOnce(task(kind, dataDir, round), { random, span, most: KILLS_PER_TASK - kills });
      if (kind === "ingest") await finish("ingest", dataDir);
      const { state } = await finish("aggregate", dataDir);
      outcomes.push({ state, events: await countEvents(dataDir), digest: await digestOf(dataDir) });
      rmSync(dataDir, { recursive: true });
    }
    return outcomes;
  };

  it("are tried on enough events", () => {
    expect(events).toBeGreaterThan(2_500);
  });

  it.each(["ingest", "aggregate"] as const)(
    `kill -9 at random instants of %s (seed ${SEED}), then a retry, gives the rollups of an undisturbed run`,
    async (kind) => {
      for (const outcome of await torment(kind)) expect(outcome).toEqual({ state: "done", events, digest });
    },
    SUITE_MS,
  );

  it(
    `kill -9 at random instants of a change of breakdowns leaves the numbers of before or after (seed ${SEED})`,
    async () => {
      const [scratch, dataDir] = [join(folder, "changed-from-nothing"), join(folder, "changed")];
      cpSync(join(folder, "facts"), scratch, { recursive: true });
      await finish("change", scratch);
      const wanted = await digestOf(scratch);
      const random = new Random(SEED);
      let span = took.aggregate;
      let kills = 0;
      while (kills < CHANGE_KILLS) {
        rmSync(dataDir, { recursive: true, force: true });
        cpSync(undisturbed, dataDir, { recursive: true });
        for (let times = 0; times < 3 && kills < CHANGE_KILLS; times++) {
          const killed = await tormentOnce(task("change", dataDir), { random, span, most: 1 });
          expect([digest, wanted]).toContain(await digestOf(dataDir));
          // It got done before its time came: the next time comes earlier.
          if (killed === 0) span /= 2;
          kills += killed;
        }
        expect(await finish("change", dataDir)).toMatchObject({ state: "done" });
        expect(await digestOf(dataDir)).toBe(wanted);
      }
    },
    SUITE_MS,
  );

  it("a second aggregation at the same time is held and exits with 4", async () => {
    const dataDir = join(folder, "two-aggregations");
    cpSync(join(folder, "facts"), dataDir, { recursive: true });
    const first = new Victim({ ...task("aggregate", dataDir), waits: "with the lease" });
    // Held for as long as the first stands still, however long the second takes to start.
    await first.holds();
    const second = await new Victim(task("aggregate", dataDir)).report();
    expect(second).toMatchObject({ state: "held", days: 0 });
    expect(await commandExit(["aggregate", "--force", "--json"], dataDir)).toBe(4);
    first.go();
    expect(await first.report()).toMatchObject({ state: "done" });
    expect(await digestOf(dataDir)).toBe(digest);
  });

  it("two ingests of the same files at the same time count every fact once", async () => {
    const dataDir = join(folder, "two-ingests");
    const both = [0, 1].map((round) => new Victim({ ...task("ingest", dataDir, round), waits: "before" }));
    await Promise.all(both.map((victim) => victim.ready()));
    for (const victim of both) victim.go();
    await Promise.all(both.map((victim) => victim.report()));
    await finish("aggregate", dataDir);
    expect(await digestOf(dataDir)).toBe(digest);
  });

  it("a reader meanwhile sees whole numbers that only grow", async () => {
    const dataDir = join(folder, "reader");
    const written = new AbortController();
    const write = async (): Promise<void> => {
      await finish("ingest", dataDir);
      await finish("aggregate", dataDir);
    };
    const writing = write().finally(() => written.abort());
    // Met where it is awaited, after the last look.
    writing.catch(() => undefined);
    const seen = { events: 0, views: 0, reads: 0 };
    await pause(50);
    await withEngine(dataDir, async (engine) => {
      while (!written.signal.aborted) {
        const found = await lookOnce(engine);
        expect(found.events).toBeGreaterThanOrEqual(seen.events);
        expect(found.views).toBeGreaterThanOrEqual(seen.views);
        Object.assign(seen, found, { reads: seen.reads + 1 });
        await pause(5);
      }
    });
    await writing;
    expect(seen.reads).toBeGreaterThan(3);
    expect(await digestOf(dataDir)).toBe(digest);
  });
});

interface Outcome {
  readonly state: unknown;
  readonly events: number;
  readonly digest: string;
}

interface Torment {
  readonly random: Random;
  /** Milliseconds that the whole task takes. */
  readonly span: number;
  readonly most: number;
}

/** Number of kills until the task got done or was killed often enough. */
async function tormentOnce(task: ChildTask, { random, span, most }: Torment): Promise<number> {
  const perFolder = 13;
  for (let kills = 0; kills < Math.min(most, perFolder); kills++) {
    const victim = new Victim(task);
    await victim.ready();
    await Promise.race([pause(random.unit() * span * WORKING_SHARE), victim.ended]);
    victim.kill();
    await victim.ended;
    if (!victim.wasKilled) return kills;
  }
  return Math.min(most, perFolder);
}

async function lookOnce({ facts, rollups }: Engine): Promise<{ events: number; views: number }> {
  const { events } = await facts.summary();
  for await (const day of facts.events((await facts.eventDays()).slice(0, 1).map(({ day: first }) => first))) {
    expect(day.instant).toHaveLength(day.count);
  }
  const live = (await rollups.generations()).find((generation) => generation.live);
  const totals = live === undefined ? {} : await globalTotals(rollups, live.id);
  return { events, views: totals["usage"]?.["viewEvents"] ?? 0 };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function withEngine<T>(dataDir: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ name: "embedded", dataDir });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

async function digestOf(dataDir: string): Promise<string> {
  return await withEngine(dataDir, async ({ rollups }) => {
    const live = (await rollups.generations()).find((generation) => generation.live);
    return await canonicalDigest(rollups, live?.id ?? 0);
  });
}

async function countEvents(dataDir: string): Promise<number> {
  return await withEngine(dataDir, async ({ facts }) => (await facts.summary()).events);
}

async function commandExit(words: readonly string[], dataDir: string): Promise<number> {
  return await new Promise((resolve) => {
    const env = { ...process.env, COMMUNITY_STATS_DATA_DIR: dataDir };
    const child = execFile(process.execPath, ["--no-warnings", MAIN, ...words], { env });
    child.on("close", (code) => resolve(code ?? -1));
  });
}
