import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate, type AggregateOptions } from "../../src/aggregate/runner.ts";
import { openEngine } from "../../src/app.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { usageNumbers } from "./usage-numbers.ts";

const FILES = ["records", "memberships", "communities", "events"].map((name) =>
  fileURLToPath(new URL(`../../../../fixtures/worked-example/${name}.ndjson`, import.meta.url)),
);
const OPTIONS: AggregateOptions = {
  breakdowns: DEFAULT_BREAKDOWNS,
  workers: 1,
  owner: "test",
  now: () => Date.parse("2025-03-14T08:00:00Z"),
};

describe("the use of the worked example", () => {
  let engine: Engine;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "community-stats-"));
    engine = await openEngine({ name: "memory", dataDir: folder });
    await ingestFiles({
      files: FILES,
      facts: engine.facts,
      rejectsDir: join(folder, "rejects"),
      signal: new AbortController().signal,
      now: OPTIONS.now,
      progress: () => undefined,
    });
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  it("is counted in one run", async () => {
    const report = await aggregate(engine, OPTIONS);
    expect(report).toMatchObject({ state: "done", days: 3, failures: [], through: "2025-03-13" });
  });

  it.each([
    ["A", "2025-03-10", [3, 2, 2, 2], [2, 2, 1, 1, 2, 1500]],
    ["A", "2025-03-11", [1, 1, 1, 1], [0, 0, 0, 0, 0, 0]],
    ["A", "2025-03-12", [1, 1, 1, 1], [1, 1, 1, 1, 1, 1200]],
    ["B", "2025-03-11", [1, 1, 1, 1], [1, 1, 1, 1, 1, 2000]],
    ["B", "2025-03-12", [1, 1, 1, 1], [0, 0, 0, 0, 0, 0]],
    ["global", "2025-03-10", [3, 2, 2, 2], [2, 2, 1, 1, 2, 1500]],
    ["global", "2025-03-11", [2, 1, 2, 2], [1, 1, 1, 1, 1, 2000]],
    ["global", "2025-03-12", [3, 2, 2, 2], [1, 1, 1, 1, 1, 1200]],
  ] as const)("has the totals of the worked example: %s %s", async (scope, day, views, downloads) => {
    const numbers = (await usageNumbers(engine.rollups, { scope, breakdown: "" }))[day] ?? {};
    const side = (name: string, counters: readonly string[]): number[] =>
      counters.map((counter) => numbers[`${name}${counter}`] ?? 0);
    expect(side("view", ["Events", "Visitors", "Records", "Parents"])).toEqual(views);
    expect(side("download", ["Events", "Visitors", "Records", "Parents", "Files", "Bytes"])).toEqual(downloads);
  });

  it("leaves days without use of a scope out", async () => {
    expect(Object.keys(await usageNumbers(engine.rollups, { scope: "B", breakdown: "" }))).not.toContain("2025-03-10");
  });

  it("splits by values of the record, of the event, and of the file", async () => {
    const countries = await usageNumbers(engine.rollups, { scope: "global", breakdown: "countries" });
    expect(countries["2025-03-11 US"]).toEqual({
      viewEvents: 2,
      viewVisitors: 1,
      viewRecords: 2,
      viewParents: 2,
      visitors: 1,
    });
    const types = await usageNumbers(engine.rollups, { scope: "A", breakdown: "resource_types" });
    expect(types["2025-03-10 dataset"]).toMatchObject({ viewEvents: 1, viewVisitors: 1 });
    const files = await usageNumbers(engine.rollups, { scope: "A", breakdown: "file_types" });
    expect(files["2025-03-10 csv"]).toEqual({
      viewEvents: 2,
      viewVisitors: 1,
      viewRecords: 1,
      viewParents: 1,
      downloadEvents: 1,
      downloadVisitors: 1,
      downloadRecords: 1,
      downloadParents: 1,
      downloadFiles: 1,
      downloadBytes: 500,
      visitors: 2,
    });
  });

  it("is not counted again when nothing changed, and comes out the same when it is", async () => {
    const live = (await engine.rollups.generations()).find((generation) => generation.live)?.id ?? 0;
    const digest = await canonicalDigest(engine.rollups, live);
    expect(await aggregate(engine, OPTIONS)).toMatchObject({ state: "done", days: 0, scopes: 0 });
    expect(await aggregate(engine, { ...OPTIONS, force: true })).toMatchObject({ state: "done", days: 3 });
    expect(await canonicalDigest(engine.rollups, live)).toBe(digest);
  });

  it("is restated when a breakdown is taken away, with the totals before and after", async () => {
    const breakdowns = DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "countries");
    expect(await aggregate(engine, { ...OPTIONS, breakdowns })).toMatchObject({
      state: "done",
      days: 0,
      restated: true,
      breakdowns: { removed: ["countries"], days: 0, isInUse: true },
    });
    const [entry] = await engine.rollups.restatements();
    const detail: { readonly totals: { readonly before: object; readonly after: object } } = JSON.parse(
      entry?.detail ?? "{}",
    );
    expect(detail.totals.before).toEqual(detail.totals.after);
    expect(detail.totals.before).toMatchObject({ usage: { viewEvents: 8, downloadBytes: 4700 } });
    expect(await usageNumbers(engine.rollups, { scope: "global", breakdown: "countries" })).toEqual({});
  });
});
