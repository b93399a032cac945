import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { USAGE_METRICS } from "@community-stats/contract/metrics.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { CategoryResult } from "@community-stats/contract/series.ts";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { day, writeRollups, type CountedRow } from "../counted-world.ts";
import { testApp } from "./app.ts";

const API = "/api/stats-dashboard";
let engine: Engine;
let app: FastifyInstance;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  app = await testApp(engine);
});
afterEach(async () => {
  await app.close();
  await engine.close();
});

async function ask<T>(query: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
  const response = await app.inject({ method: "POST", url: API, payload: { q: { stat: query, params } } });
  expect(response.statusCode).toBe(200);
  return response.json().q as T;
}

async function nameOfImage(end: string): Promise<unknown> {
  const result = await ask<CategoryResult>("usage-delta-category", { end_date: end });
  return result["resourceTypes"]?.["views"]?.[0]?.name;
}

function used(breakdown: string, id: string, date: string, views: number): CountedRow {
  return { breakdown, id, day: date, counters: { viewEvents: views, downloadEvents: 1, downloadBytes: 10 } };
}

describe("facts of the original's series", () => {
  it("has every list empty and zeros in the totals where a day knows no value", async () => {
    const rows = [{ breakdown: "", id: "", day: "2025-03-10", counters: { recordsAddedWithFiles: 1 } }];
    await writeRollups(engine, [{ scope: "global", kind: "records-added", rows }], { through: "2025-03-10" });
    const result = await ask<CategoryResult>("record-snapshot-category");
    for (const { name } of DEFAULT_BREAKDOWNS.filter(({ records, byFile }) => records !== null && byFile !== true)) {
      const key = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      expect(result[key]).toEqual({ records: [], parents: [], dataVolume: [], fileCount: [] });
    }
    expect(result["global"]?.["uploaders"]?.[0]?.data).toEqual([["03-10", 0]]);
  });

  it("lists the values of a top breakdown twice, with all ten metrics each", async () => {
    const rows = [
      used("", "", "2025-03-10", 3),
      used("countries", "US", "2025-03-10", 2),
      used("countries", "CA", "2025-03-10", 1),
    ];
    await writeRollups(engine, [{ scope: "global", kind: "usage", rows }], { through: "2025-03-10" });
    const result = await ask<CategoryResult>("usage-snapshot-category");
    const wire = USAGE_METRICS.filter((metric) => metric.wire).map(({ name }) => name);
    for (const [name, ids] of [
      ["countriesByView", ["US", "CA"]],
      ["countriesByDownload", ["CA", "US"]],
    ] as const) {
      expect(Object.keys(result[name] ?? {}).toSorted()).toEqual(wire.toSorted());
      for (const series of Object.values(result[name] ?? {})) {
        expect(series.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      }
    }
  });

  it("names a value by its newest label", async () => {
    const rows = ["2025-03-10", "2025-03-12"].flatMap((date) => [
      used("", "", date, 1),
      used("resource_types", "image", date, 1),
    ]);
    const scope = { scope: "global", kind: "usage", rows } as const;
    const { id } = await writeRollups(engine, [scope], { through: "2025-03-12" });
    const [value = -1] = await engine.rollups.intern("value:resource_types", ["image"]);
    const span = (from: string, label: object) => {
      return { breakdown: "resource_types", value, from: day(from), label: JSON.stringify(label) };
    };
    await engine.rollups.replaceLabels(id, [
      span("2025-03-01", { en: "Picture" }),
      span("2025-03-11", { en: "Image" }),
    ]);
    expect(await nameOfImage("2025-03-10")).toEqual({ en: "Picture" });
    expect(await nameOfImage("2025-03-12")).toEqual({ en: "Image" });
  });
});

describe("what the original cut short", () => {
  it("gives more than ten thousand documents, ascending", async () => {
    const rows = [{ breakdown: "", id: "", day: "1990-01-01", counters: { recordsAddedWithFiles: 1 } }];
    await writeRollups(engine, [{ scope: "global", kind: "records-published", rows }], { through: "2025-03-10" });
    const documents = await ask<{ period_start: string }[]>("community-record-delta-published");
    const days = documents.map(({ period_start }) => period_start);
    expect(days).toHaveLength(day("2025-03-10") - day("1990-01-01") + 1);
    expect(days).toEqual(days.toSorted());
  });

  it("gives whole numbers only", async () => {
    await writeWorkedExample(engine);
    const names = QUERIES.filter(({ required }) => required === undefined).map(({ name }) => name);
    for (const name of names) {
      const fractions: unknown[] = [];
      JSON.stringify(await ask(name), (_, value: unknown) => {
        if (typeof value === "number" && !Number.isInteger(value)) fractions.push(value);
        return value;
      });
      expect([name, fractions]).toEqual([name, []]);
    }
  });

  it.each(["/api/stats", API])("gives every format at %s", async (url) => {
    await writeWorkedExample(engine);
    const payload = { q: { stat: "usage-delta-series", params: {} } };
    const response = await app.inject({ method: "POST", url: `${url}?format=csv`, payload });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toContain("text/csv");
  });
});

describe("a name that there is not", () => {
  it.each([
    ["usage-delta-categories", {}, "usage-delta-category"],
    ["usage-delta-series", { comunity_id: "a" }, "community_id"],
    ["usage-delta-series", { metric: "download" }, "downloads"],
    ["usage-delta-series", { category: "countrys" }, "countries"],
    ["usage-delta-category", { shape: "columns", breakdowns: ["language"] }, "languages"],
    ["usage-delta-category", { shape: "columns", granularity: "weeks" }, "week"],
    ["usage-delta-category", { component_names: ["StatMap"] }, "StatsMap"],
  ])("of %s %j is answered with the nearest one: %s", async (stat, params, nearest) => {
    const response = await app.inject({ method: "POST", url: API, payload: { q: { stat, params } } });
    expect(response.statusCode).toBe(400);
    expect(response.json().hint).toContain(`Did you mean ${nearest}?`);
  });
});
