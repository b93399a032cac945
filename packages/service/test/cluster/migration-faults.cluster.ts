import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { EventIndices } from "../../src/engine/event-indices.ts";
import type { MonthReport } from "../../src/migration/migration.ts";
import { processFiles, readStatus } from "../../src/schedule/process-files.ts";
import { EventInstance, migrate, monthEvents, openBeside } from "./event-instance.ts";
import { OwnServer } from "./own-servers.ts";
import { SearchFaults } from "./search-faults.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const EVENTS = 120;
const FAULT_MS = 500;
/** A batch of a hundred and twenty events is too large for a request. */
const SETTINGS = { "http.max_content_length": "32kb" };

let search: OwnServer;
let redis: OwnServer;
let instance: EventInstance;
let engine: Engine & { readonly eventIndices: EventIndices };
let folder: string;
const faults = new SearchFaults(() => search.url);
/** A month of its own for each trial. */
let year = 2000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "migration-"));
  [search, redis] = await Promise.all([OwnServer.openSearch(SETTINGS), OwnServer.redis()]);
  instance = await EventInstance.make(search.url);
  engine = await openBeside(instance, addresses());
});
afterAll(async () => {
  await engine?.close();
  await Promise.all([search?.end(), redis?.end()]);
  rmSync(folder, { recursive: true });
});

function addresses() {
  return { nodes: [search.url], redisUrl: redis.url };
}

async function freshMonth(count = EVENTS): Promise<string> {
  const month = `${++year}-03`;
  for (let from = 0; from < count; from += 60) {
    await instance.write("view", monthEvents(month, count).slice(from, from + 60));
  }
  return month;
}

function target(month: string): string {
  return `${instance.index("view", month)}-v2.0.0`;
}

function clusterSetting(name: string, value: string): () => Promise<void> {
  return () => forAWhile((isOn) => faults.cluster(name, isOn ? value : null));
}

/** Sets something for a while. */
async function forAWhile(set: (isOn: boolean) => Promise<void>): Promise<void> {
  await set(true);
  await sleep(FAULT_MS);
  await set(false);
}

const fullDisk = (month: string) => (isOn: boolean) => {
  return faults.index([target(month)], "index.blocks.read_only_allow_delete", isOn || null);
};
const away = (index: string) => (isOn: boolean) => faults.away([index], isOn);
const source = (month: string): string => instance.index("view", month);

/** What happens in the middle of a month, by what a client sees of it. */
const FAULTS: readonly (readonly [seen: string, disturb: (month: string) => Promise<void>])[] = [
  ["429 for whole bulks", clusterSetting("network.breaker.inflight_requests.limit", "2kb")],
  ["429 within a 200: a full disk", (month) => forAWhile(fullDisk(month))],
  ["503: the new index without a node", (month) => forAWhile(away(target(month)))],
  ["503: the old index without a node", (month) => forAWhile(away(source(month)))],
  [
    "no answer for a while",
    async () => {
      search.sleep();
      await sleep(FAULT_MS);
      search.wake();
    },
  ],
  [
    "kill -9 of Redis, which forgets every lease",
    async () => {
      await redis.crash();
    },
  ],
  [
    "kill -9 of OpenSearch",
    async () => {
      await search.crash();
    },
  ],
];

/** Runs until the month is verified, or `most` runs are over; disturbed once, in the middle of the first. */
async function disturbed(month: string, disturb: (month: string) => Promise<void>): Promise<readonly MonthReport[]> {
  const reports: MonthReport[] = [];
  let trouble: Promise<void> | undefined;
  const progress = ({ done }: { done: number }): void => {
    if (done >= 20) trouble ??= disturb(month);
  };
  const limits = { maxBatches: 1000, batchSize: 20, maxMemoryPercent: 100 };
  for (let runs = 0; runs < 4 && reports.at(-1)?.phase !== "verified"; runs++) {
    reports.push(...(await migrate(engine, { keys: [{ type: "view", month }], limits, progress })));
    await trouble;
  }
  expect(trouble).toBeDefined();
  return reports;
}

describe("a month amid faults ends verified, with every event once", () => {
  it.each(FAULTS)("%s", async (_seen, disturb) => {
    const month = await freshMonth();
    const reports = await disturbed(month, disturb);
    for (const { phase } of reports.slice(0, -1)) expect(phase).toBe("paused");
    expect(reports.at(-1)).toMatchObject({ phase: "verified" });
    expect((await instance.seen(target(month))).size).toBe(EVENTS);
  });

  it("413: batches that are too large are divided", async () => {
    const month = await freshMonth();
    const limits = { maxBatches: 10, batchSize: EVENTS, maxMemoryPercent: 100 };
    expect(await migrate(engine, { keys: [{ type: "view", month }], limits })).toMatchObject([
      { phase: "verified", copied: EVENTS, repaired: 0 },
    ]);
    expect((await instance.seen(target(month))).size).toBe(EVENTS);
  });

  it("a fault that outlasts all patience: the month is paused, and readers see what they saw", async () => {
    const month = await freshMonth();
    const hasty = await openBeside(instance, { ...addresses(), retry: { firstMs: 20, longestMs: 50, totalMs: 200 } });
    const keys = [{ type: "view", month }] as const;
    const limits = { maxBatches: 1, batchSize: 20, maxMemoryPercent: 100 };
    await migrate(hasty, { keys, limits });
    await fullDisk(month)(true);
    const [report] = await migrate(hasty, { keys });
    expect(report).toMatchObject({ phase: "paused", reason: expect.stringContaining("429") });
    expect(await instance.aliases(instance.base("view"))).toContain(source(month));
    await fullDisk(month)(false);
    const [after] = await migrate(hasty, { keys });
    expect(after).toMatchObject({ phase: "verified", repaired: 0, copied: EVENTS - 20 });
    await hasty.close();
  });
});

describe("a migration in the background", () => {
  it("gets all its options, tells how far and how fast it is, and ends", async () => {
    const month = await freshMonth();
    const child = command("usage-events", "migrate-background", "--months", month, "--delete-old-indices");
    await once(child, "close");
    expect(child.exitCode).toBe(0);
    const files = processFiles(join(folder, "processes"), "event-migration");
    let status = readStatus(files);
    while (status?.exit_code === null) {
      await sleep(50);
      status = readStatus(files);
    }
    expect(status).toMatchObject({
      status: "completed",
      exit_code: 0,
      current_task: `view ${month}`,
      command: `community-stats usage-events migrate --months ${month} --delete-old-indices`,
    });
    expect(status?.done).toBeGreaterThanOrEqual(2 * EVENTS);
    expect(await instance.aliases(source(month))).toEqual([target(month)]);
    expect((await instance.seen(target(month))).size).toBe(EVENTS);
  });
});

describe("kill -9 of the migration", () => {
  it("loses nothing: the next run goes on at its cursor, at once", async () => {
    const month = await freshMonth(600);
    const child = command("usage-events", "migrate", "--months", month, "--batch-size", "10");
    await untilCopied(month, child);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await instance.aliases(instance.base("view"))).not.toContain(target(month));
    const done = (await instance.seen(target(month))).size;
    const [report] = await migrate(engine, { keys: [{ type: "view", month }] });
    expect(report).toMatchObject({ phase: "verified", repaired: 0 });
    // Its last batch may have been written and its cursor not.
    expect(report?.copied).toBeGreaterThanOrEqual(600 - done);
    expect(report?.copied).toBeLessThanOrEqual(600 - done + 10);
    expect((await instance.seen(target(month))).size).toBe(600);
  });
});

function command(...words: readonly string[]): ChildProcess {
  const { PATH } = process.env;
  const env = {
    PATH,
    COMMUNITY_STATS_ENGINE: "opensearch",
    COMMUNITY_STATS_DATA_DIR: folder,
    OPENSEARCH_URL: search.url,
    REDIS_URL: redis.url,
    SEARCH_INDEX_PREFIX: instance.prefix,
  };
  return spawn(process.execPath, ["--no-warnings", MAIN, ...words], { cwd: folder, env, stdio: "ignore" });
}

async function untilCopied(month: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await instance.ask("GET", `/${target(month)}/_stats/indexing`);
    const [, written = "0"] = /"index_total":(\d+)/.exec(await answer.text()) ?? [];
    if (Number(written) >= 50) return;
    await sleep(20);
  }
  throw new Error("the migration ended before it could be killed");
}
