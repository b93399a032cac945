import { afterEach, beforeEach, expect, it } from "vitest";
import { CachedAnswering } from "../../src/cache/cached-answering.ts";
import { directAnswering } from "../../src/cache/direct-answering.ts";
import { survey, warm, type WarmOptions } from "../../src/cache/warming.ts";
import { warmItems, warmScopes, YEAR_QUERIES, type WarmItem, type WarmScope } from "../../src/cache/warm-plan.ts";
import { JSON_FORMAT } from "../../src/export/formats.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { Queries } from "../../src/query/queries.ts";
import { VISITOR } from "../../src/query/scopes.ts";
import { switchesOf } from "../../src/query/switches.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { clockAt, community } from "../counted-world.ts";

const config = loadConfig({});
const now = clockAt("2025-03-13");
let engine: Engine;
let queries: Queries;

beforeEach(async () => {
  engine = await openMemory({ clock: now });
  await writeWorkedExample(engine);
  const { breakdowns, topLimit } = config;
  queries = new Queries({ engine, breakdowns, topLimit, now });
});
afterEach(async () => await engine.close());

function scopes(names: readonly string[] = []): Promise<readonly WarmScope[]> {
  return warmScopes({ queries, config, names, now: now() });
}

function options(items: readonly WarmItem[], more: Partial<WarmOptions> = {}): WarmOptions {
  const inner = directAnswering({ queries, site: { repositoryTitle: "", siteUrl: "" } });
  const answering = new CachedAnswering({ inner, kept: null, memoryBytes: 1 << 24, setup: "x", keeps: () => true });
  const signal = new AbortController().signal;
  return { queries, answering, items, overwrite: false, signal, progress: () => undefined, ...more };
}

const text = (item: WarmItem) =>
  item.kind === "view" ? `view ${item.scope.key}` : `${item.year} ${item.scope.key} ${item.query}`;

function year(number: number, key: string): readonly string[] {
  return YEAR_QUERIES.map((query) => `${number} ${key} ${query}`);
}

it("first views come before years, and the newest year before all others", async () => {
  const [global, a] = await scopes();
  if (global === undefined || a === undefined) throw new Error("no scopes");
  const two = [
    { ...global, years: [2024, 2025] },
    { ...a, years: [2025] },
  ];
  const items = warmItems(two, { years: null, views: true, blocks: true }).map(text);
  expect(items).toEqual([
    "view global",
    "view A",
    ...year(2025, "global"),
    ...year(2025, "A"),
    ...year(2024, "global"),
  ]);
  expect(warmItems(two, { years: new Set([2024]), views: false, blocks: true }).map(text)).toEqual(
    year(2024, "global"),
  );
});

it("knows the years of each scope, and leaves out what is closed or switched off", async () => {
  await engine.facts.append({
    communities: [
      community("S", { visibility: "restricted" }),
      community("OFF", { dashboardEnabled: false }),
      community("NEW"),
    ],
  });
  const { breakdowns, topLimit } = config;
  queries = new Queries({ engine, breakdowns, topLimit, now, switches: switchesOf(config) });
  const found = await scopes();
  expect(found.map(({ key }) => key)).toEqual(["global", "A", "B", "NEW"]);
  expect(found.map(({ years }) => years.at(-1))).toEqual([2025, 2025, 2025, undefined]);
});

it("does everything once, and says what was there", async () => {
  const items = warmItems(await scopes(["a"]), { years: null, views: true, blocks: false });
  const asked = options(items);
  const first = await warm(asked);
  expect(first).toMatchObject({ state: "done", done: 1, total: 1, skipped: 0, failed: 0 });
  expect(first.success).toBeGreaterThanOrEqual(8);
  expect(await warm(asked)).toMatchObject({ success: 0, skipped: first.success });
});

const twelveMonths = { start_date: "2024-04-01", end_date: "2025-03-13" };

it("makes the lists of records that a layout holds, as its widgets ask for them, and no others", async () => {
  const cells = [
    { component: "MostViewedRecordsMultiDisplay", props: { pageSize: 12 } },
    { component: "MostDownloadedRecordsMultiDisplay" },
    { component: "MostDownloadedRecordsMultiDisplay" },
  ];
  const layout = { tabs: [{ name: "t", label: "T", rows: [{ name: "r", components: cells }] }] };
  const found = await warmScopes({
    queries,
    config: { dashboard: { ...config.dashboard, layoutGlobal: layout } },
    names: ["global"],
    now: now(),
  });
  const items = warmItems(found, { years: null, views: true, blocks: false });
  const asked = options(items);
  expect(await survey(asked)).toEqual({ existing: 0, missing: 2 });
  expect(await warm(asked)).toMatchObject({ success: 2, failed: 0, notKept: 0 });
  for (const [query, limit] of [
    ["most-viewed-records", "12"],
    ["most-downloaded-records", "6"],
  ] as const) {
    const prepared = await queries.prepare(query, { community_id: "global", ...twelveMonths, limit }, VISITOR);
    const entry = { ...prepared, label: query, query };
    const json = { shape: "bare", serializer: JSON_FORMAT, encoding: "br", problemOf: null } as const;
    expect((await asked.answering.answer({ entries: [entry], ...json })).found).toBe("memory");
  }
});

it("stops between two steps when it is told to", async () => {
  const stop = new AbortController();
  const items = warmItems(await scopes(), { years: new Set([2025]), views: false, blocks: true });
  const progress = (done: number) => {
    if (done === 2) stop.abort();
  };
  const report = await warm(options(items, { signal: stop.signal, progress }));
  expect(report).toMatchObject({ state: "interrupted", done: 3, total: 12, success: 3 });
});

it("goes on after a step that fails, and names it", async () => {
  const [first, ...others] = warmItems(await scopes(["global"]), {
    years: new Set([2025]),
    views: false,
    blocks: true,
  });
  if (first?.kind !== "year") throw new Error("no step");
  const report = await warm(options([{ ...first, query: "no-such-query" }, ...others]));
  expect(report).toMatchObject({ state: "partial", done: 4, success: 3, failed: 1 });
  expect(report.errors).toEqual([
    { community_id: "global", year: 2025, category: "no-such-query", error: expect.stringContaining("no-such-query") },
  ]);
});

it("keeps nothing before the first run has ended", async () => {
  const [live] = await engine.rollups.generations();
  const progress = await engine.rollups.progress(live?.id ?? 0);
  await engine.rollups.setProgress(live?.id ?? 0, { ...progress, updatedAt: null });
  const report = await warm(options(warmItems(await scopes(["a"]), { years: null, views: true, blocks: false })));
  expect(report).toMatchObject({ success: 0, skipped: 0, failed: 0 });
  expect(report.notKept).toBeGreaterThan(0);
});
