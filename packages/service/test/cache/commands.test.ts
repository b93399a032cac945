import { rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { addressedRequest } from "@community-stats/contract/columns-address.ts";
import { firstQuestions } from "@community-stats/contract/first-view.ts";
import { cacheClearAllCommand, cacheClearItemCommand, cacheClearPatternCommand } from "../../src/cli/cache-clear.ts";
import { cacheGenerateCommand } from "../../src/cli/cache-generate.ts";
import { cacheInfoCommand, cacheListCommand } from "../../src/cli/cache-show.ts";
import { cacheTestCommand } from "../../src/cli/cache-test.ts";
import { loadConfig } from "../../src/config/config.ts";
import { Queries } from "../../src/query/queries.ts";
import { warmScopes } from "../../src/cache/warm-plan.ts";
import { Desk } from "../commands/desk.ts";
import { community } from "../counted-world.ts";
import { openCacheWorld, present, type CacheWorld } from "./world.ts";

const COMMANDS = [
  cacheInfoCommand,
  cacheListCommand,
  cacheGenerateCommand,
  cacheClearAllCommand,
  cacheClearPatternCommand,
  cacheClearItemCommand,
  cacheTestCommand,
];
let world: CacheWorld;
let desk: Desk;
const cache = async (...argv: readonly string[]) => {
  const { code, out, err } = await desk.run(["cache", ...argv]);
  return { code, stdout: out, stderr: err };
};
/** The same as a process of its own, beside whatever else has the folder open. */
const outside = (...argv: readonly string[]) => world.command("cache", ...argv);
const json = async (...argv: readonly string[]) => JSON.parse((await cache(...argv, "--json")).stdout);

beforeAll(async () => {
  world = await openCacheWorld();
  await world.engine.facts.append({ communities: [community("S", { visibility: "restricted" })] });
  desk = new Desk(COMMANDS, { engine: "embedded", home: world });
});
afterAll(async () => {
  await world.close();
  rmSync(world.dataDir, { recursive: true });
});
beforeEach(() => rmSync(world.cachePath, { force: true }));

const YEAR_2025 = ["generate", "--force", "--year", "2025"];

describe("cache generate", () => {
  it("needs the switch or --force", async () => {
    const { code, stderr } = await cache("generate");
    expect([code, stderr]).toEqual([1, expect.stringContaining("COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED")]);
  });

  it("makes the four queries of a year for the repository and every public community, and nothing twice", async () => {
    const first = await json(...YEAR_2025);
    expect(first).toMatchObject({
      state: "done",
      success: 12,
      skipped: 0,
      notKept: 0,
      failed: 0,
      done: 12,
      errors: [],
    });
    expect(await json(...YEAR_2025)).toMatchObject({ success: 0, skipped: 12 });
    expect(await json(...YEAR_2025, "--overwrite")).toMatchObject({ success: 12, skipped: 0 });
    const { entries } = await json("list");
    expect(new Set(entries.map(({ scope }: { scope: string }) => scope))).toEqual(new Set(["global", "A", "B"]));
  });

  it("leaves answers that a server finds", async () => {
    await outside(...YEAR_2025, "--community-slug", "a");
    const { app } = await world.server();
    for (const query of ["usage-delta", "usage-snapshot", "record-delta", "record-snapshot"]) {
      const days = "start_date=2025-01-01&end_date=2025-12-31";
      const url = `/api/stats-dashboard/${query}-category?community_id=a&${days}`;
      expect((await app.inject({ method: "GET", url })).headers["x-cache"]).toBe("HIT");
    }
  });

  it("leaves everything that a dashboard asks at first", async () => {
    expect(await json("generate", "--force", "--first-view")).toMatchObject({ state: "done", failed: 0, notKept: 0 });
    const { app } = await world.server();
    for (const question of await questions()) {
      const response = await app.inject({ method: "GET", url: question });
      expect([question, response.statusCode, response.headers["x-cache"]]).toEqual([question, 200, "HIT"]);
    }
  });

  it("says beforehand what it would make, and makes nothing", async () => {
    const { communities, existing, missing, toMake } = await json(...YEAR_2025, "--community-id", "B", "--dry-run");
    const years = expect.arrayContaining([2025]);
    expect({ communities, existing, missing, toMake }).toEqual({
      communities: [{ id: "B", name: "b", years }],
      existing: 0,
      missing: 4,
      toMake: 4,
    });
    expect((await cache(...YEAR_2025, "--community-id", "B", "--dry-run")).stdout).toMatch(/^1 dashboard\n {2}b: /);
    expect((await json("info")).entries).toBe(0);
  });

  it("does not keep what is not public", async () => {
    expect(await json(...YEAR_2025, "--community-id", "S")).toMatchObject({ success: 0, failed: 0 });
    expect((await json("info")).entries).toBe(0);
  });

  it.each([
    ["a year that is none", ["--year", "last"], 2, 'last" is no year'],
    ["years the wrong way round", ["--year", "2025-2020"], 2, "is no year"],
    ["an unknown community", ["--community-id", "nobody"], 1, "nobody"],
  ])("refuses %s", async (_, argv, code, said) => {
    const result = await cache("generate", "--force", ...argv);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)]);
  });

  it("ends with code 4 while another process does it", async () => {
    const lease = await world.engine.control.acquire(
      "community_stats_cache_generation",
      "elsewhere:1",
      60_000,
      Date.now(),
    );
    const { code, stderr } = await cache(...YEAR_2025);
    await lease?.release();
    expect([code, stderr]).toEqual([4, expect.stringContaining("elsewhere:1")]);
  });
});

async function questions(): Promise<readonly string[]> {
  const config = loadConfig({});
  const { breakdowns, topLimit } = config;
  const queries = new Queries({ engine: world.engine, breakdowns, topLimit, now: present });
  const scopes = await warmScopes({ queries, config, names: [], now: present() });
  expect(scopes.map(({ key }) => key)).toEqual(["global", "A", "B"]);
  return scopes.flatMap(({ page }) =>
    firstQuestions(page).map(({ request }) => {
      const { query, parameters } = addressedRequest(request);
      return `/api/stats-dashboard/${query}?${new URLSearchParams(Object.fromEntries(parameters))}`;
    }),
  );
}

describe("cache list and info", () => {
  it("show keys that can be read, and tables with slugs, sizes and ages", async () => {
    await cache(...YEAR_2025);
    const keys = await cache("list", "--limit", "2");
    expect(keys.stdout).toMatch(/^1 {2}global\/record-delta-category\/2025-01-01\.\.2025-12-31\/\/json\/rules=/);
    expect([keys.stdout.trim().split("\n").length, keys.stderr]).toEqual([
      2,
      expect.stringContaining("There are more"),
    ]);
    const { stdout } = await cache(
      "list",
      "--human-readable",
      "--include-sizes",
      "--include-ages",
      "--community-id",
      "a",
    );
    expect(stdout).toMatch(
      /^# +community +query +days +format +parameters +size +age\n1 +a +record-delta-category +2025 /,
    );
    expect(stdout.trim().split("\n")).toHaveLength(5);
    const { entries } = await json("list", "--pattern", "*usage-delta*");
    expect(entries).toHaveLength(3);
  });

  it("count entries and bytes", async () => {
    await cache(...YEAR_2025);
    const info = await json("info");
    expect(info).toMatchObject({
      entries: 12,
      scopes: 3,
      reachable: 12,
      byFormat: { json: 12 },
      maxBytes: 512 * 2 ** 20,
    });
    expect(info.bytes).toBeGreaterThan(0);
    expect((await cache("info", "--detailed")).stdout).toMatch(/^12 entries about 3 scopes[\s\S]*Before compression/);
  });
});

describe("cache clear", () => {
  it("removes one item by slug and days, and says how many", async () => {
    await cache(...YEAR_2025);
    const item = ["clear-item", "a", "usage-delta-category"];
    expect(await json(...item, "--start-date", "2024-01-01")).toEqual({ matched: 0, removed: 0, dryRun: false });
    expect(await json(...item, "--start-date", "2025-01-01", "--end-date", "2025-12-31", "--dry-run")).toEqual({
      matched: 1,
      removed: 0,
      dryRun: true,
    });
    expect(await json(...item, "--date-basis", "created")).toMatchObject({ removed: 0 });
    expect(await json(...item, "--date-basis", "added", "--content-type", "application/json")).toMatchObject({
      removed: 1,
    });
    expect((await json("info")).entries).toBe(11);
  });

  it("removes by pattern", async () => {
    await cache(...YEAR_2025);
    expect(await json("clear-pattern", "global/*", "--force")).toMatchObject({ removed: 4 });
    expect((await json("info")).entries).toBe(8);
  });

  it("removes everything when both options say so, and a running server goes on", async () => {
    const { app } = await world.server();
    const url = "/api/stats-dashboard/usage-delta-series?community_id=A";
    await app.inject({ method: "GET", url });
    await cache(...YEAR_2025);
    expect((await cache("clear-all", "--force")).code).toBe(2);
    const { stdout } = await outside("clear-all", "--force", "--yes-i-know", "--json");
    expect(JSON.parse(stdout).removed).toBeGreaterThanOrEqual(12);
    expect((await json("info")).entries).toBe(0);
    expect((await app.inject({ method: "GET", url })).statusCode).toBe(200);
  });

  it("does nothing without a yes when nobody is there", async () => {
    await cache(...YEAR_2025);
    for (const argv of [["clear-all"], ["clear-pattern", "*"]]) {
      const { code, stderr } = await cache(...argv);
      expect([code, stderr]).toEqual([2, expect.stringContaining("--force")]);
    }
    expect((await json("info")).entries).toBe(12);
  });

  it.each([
    ["an unknown community", ["clear-item", "nobody", "usage-delta-category"], 1, "nobody"],
    ["an unknown query", ["clear-item", "global", "usage"], 2, "usage-delta-category"],
  ])("refuses %s", async (_, argv, code, said) => {
    const result = await cache(...argv);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(said)]);
  });

  it("refuses a missing argument", async () => {
    const { code, stderr } = await outside("clear-item", "global");
    expect([code, stderr]).toEqual([2, expect.stringContaining("missing required argument")]);
  });
});

it("a community that is fed in as closed leaves the cache at once", async () => {
  await cache(...YEAR_2025);
  const file = `${world.dataDir}/communities.ndjson`;
  const dates = { created: "2024-01-01T00:00:00Z", updated: "2026-01-01T00:00:00Z" };
  const line = { id: "B", slug: "b", ...dates, access: { visibility: "restricted" }, metadata: { title: "B" } };
  writeFileSync(file, JSON.stringify(line));
  expect(await world.command("ingest", "--as", "communities", file)).toMatchObject({ code: 0 });
  const { entries } = await json("list");
  expect(new Set(entries.map(({ scope }: { scope: string }) => scope))).toEqual(new Set(["global", "A"]));
});

describe("cache test", () => {
  it("writes, reads and removes an entry of the named community and query", async () => {
    const result = await json("test", "--community-id", "a", "--stat-name", "probe");
    expect(result).toMatchObject({ written: true, read: true, removed: true, works: true });
    expect(result.key).toMatch(/^A\/probe\//);
    expect((await json("info")).entries).toBe(0);
  });

  it("works on a file that was damaged, and says that it was put aside", async () => {
    writeFileSync(world.cachePath, "damaged beyond use");
    const { code, stderr } = await cache("test");
    expect([code, stderr]).toEqual([0, expect.stringContaining("was moved to")]);
  });
});

it("every command has help with examples", async () => {
  const names = ["info", "list", "generate", "clear-all", "clear-pattern", "clear-item", "test"];
  const { stdout } = await outside("--help");
  const said: string[] = [];
  const written = vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  for (const name of names) {
    expect(stdout).toContain(name);
    said.length = 0;
    const { code } = await cache(name, "--help");
    expect([code, said.join("")]).toEqual([0, expect.stringContaining(`Examples:\n  community-stats cache ${name}`)]);
  }
  written.mockRestore();
});
