import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { ColumnsAnswer, ColumnSeries } from "@community-stats/contract/series.ts";
import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { assert, asyncProperty, constantFrom, nat } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt, day, writeRollups, type CountedRow, type CountedScope } from "../../test/counted-world.ts";
import { Queries } from "./queries.ts";
import { OPERATOR } from "./scopes.ts";

let engine: Engine;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
});
afterEach(() => engine.close());

async function columns(
  query: string,
  parameters: Readonly<Record<string, unknown>>,
  now = "2025-03-13",
): Promise<ColumnsAnswer> {
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt(now) });
  const result = await queries.run(await queries.plan(query, { shape: "columns", ...parameters }, OPERATOR));
  if (result.form !== "columns" || !isOne(result.answer)) throw new Error("no columns");
  return result.answer;
}

/** The engine as if it held events on these days. */
function withUse(inner: Engine, dates: readonly string[]): Engine {
  const eventDays = () => Promise.resolve(dates.map((date) => ({ day: day(date), count: 1, version: 1 })));
  const facts = new Proxy(inner.facts, {
    get(target, name) {
      if (name === "eventDays") return eventDays;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { name: inner.name, facts, rollups: inner.rollups, control: inner.control, close: () => inner.close() };
}

function isOne(answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>): answer is ColumnsAnswer {
  return Array.isArray(answer["series"]);
}

function row(date: string, counters: Readonly<Record<string, number>>, value?: readonly [string, string]): CountedRow {
  const [breakdown, id] = value ?? ["", ""];
  return { breakdown, id, day: date, counters };
}

function usage(scope: string, rows: readonly CountedRow[]): CountedScope {
  return { scope, kind: "usage", rows };
}

const named = (answer: ColumnsAnswer, id: string) =>
  answer.series.find((series) => series.kind === "value" && series.id === id);
const ofKind = (answer: ColumnsAnswer, kind: ColumnSeries["kind"]) =>
  answer.series.find((series) => series.kind === kind);

describe("totals", () => {
  it("sums days into periods and gives running totals at their ends", async () => {
    const rows = ["2024-12-31", "2025-01-01", "2025-01-31", "2025-02-01"].map((date, index) =>
      row(date, { viewEvents: 10 ** index, viewVisitors: 1 }),
    );
    await writeRollups(engine, [usage("global", rows)], { through: "2025-02-28" });
    const range = {
      start_date: "2024-12-01",
      end_date: "2025-02-28",
      granularity: "month",
      metrics: "views,viewVisitors",
    };
    const delta = await columns("usage-delta-series", range);
    const snapshot = await columns("usage-snapshot-series", range);
    expect(delta.series).toMatchObject([
      {
        kind: "total",
        metrics: { views: [1, 110, 1000], viewVisitors: [1, 2, 1] },
        totals: { views: 1111, viewVisitors: 4 },
      },
    ]);
    expect(snapshot.series).toMatchObject([{ metrics: { views: [1, 111, 1111] }, totals: { views: 1111 } }]);
    expect(delta.periods.map(({ from }) => from)).toEqual(["2024-12-01", "2025-01-01", "2025-02-01"]);
  });

  it("gives numbers without an axis when asked for totals", async () => {
    await writeWorkedExample(engine);
    const answer = await columns("usage-delta-category", {
      shape: "totals",
      metrics: "views,downloads",
      breakdowns: "countries",
    });
    expect(answer.periods).toEqual([]);
    expect(ofKind(answer, "total")).toMatchObject({
      metrics: { views: [], downloads: [] },
      totals: { views: 8, downloads: 4 },
    });
    expect(answer.series.flatMap(({ id, totals }) => (id === "" ? [] : [[id, totals["views"]]]))).toEqual([
      ["US", 5],
      ["FR", 2],
      ["DE", 1],
    ]);
  });

  it("counts uploaders of a snapshot by who came and went", async () => {
    const rows = [
      row("2025-01-01", { uploaders: 2, uploadersGained: 2 }),
      row("2025-01-02", { uploaders: 2, uploadersLost: 1 }),
    ];
    await writeRollups(engine, [{ scope: "global", kind: "records-added", rows }], { through: "2025-01-02" });
    const range = { metrics: ["uploaders"], start_date: "2025-01-01" };
    expect((await columns("record-delta-series", range)).series[0]?.metrics).toEqual({ uploaders: [2, 2] });
    expect((await columns("record-snapshot-series", range)).series[0]?.metrics).toEqual({ uploaders: [2, 1] });
  });
});

describe("values of a breakdown", () => {
  const country = (date: string, id: string, views: number) =>
    row(date, { viewEvents: views, viewVisitors: views, viewRecords: 1 }, ["countries", id]);
  const world = usage("global", [
    row("2025-01-01", { viewEvents: 20, viewVisitors: 9, viewRecords: 4 }),
    country("2025-01-01", "US", 8),
    country("2025-01-01", "FR", 5),
    country("2025-01-01", "DE", 5),
    country("2025-01-01", "", 2),
  ]);

  it("shows the first by the first metric, ties by id, and an honest rest", async () => {
    await writeRollups(engine, [world], { through: "2025-01-01" });
    const answer = await columns("usage-delta-series", {
      breakdowns: ["countries"],
      top: 1,
      metrics: ["views", "viewVisitors", "viewUniqueRecords"],
    });
    expect(answer.series.map(({ kind, id }) => [kind, id])).toEqual([
      ["total", ""],
      ["value", "US"],
      ["other", ""],
      ["notStated", ""],
    ]);
    expect(ofKind(answer, "other")).toMatchObject({
      values: 2,
      totals: { views: 10, viewVisitors: null, viewUniqueRecords: null },
      metrics: { views: [10], viewVisitors: [null] },
    });
    expect(ofKind(answer, "notStated")?.totals).toEqual({ views: 2, viewVisitors: 2, viewUniqueRecords: 1 });
    expect(answer.valueCount).toBe(3);
    const two = await columns("usage-delta-series", { breakdowns: ["countries"], top: 2 });
    expect(two.series.map(({ id }) => id)).toEqual(["", "US", "DE", "", ""]);
  });

  it("gives a distinct number of the rest where only one value is left", async () => {
    await writeRollups(engine, [world], { through: "2025-01-01" });
    const answer = await columns("usage-delta-series", {
      breakdowns: "countries",
      top: 2,
      metrics: "views,viewVisitors",
    });
    expect(ofKind(answer, "other")?.totals).toEqual({ views: 5, viewVisitors: 5 });
  });

  it("gives no rest where a record can have several values", async () => {
    await writeRollups(
      engine,
      [
        usage(
          "global",
          ["eng", "fra", "deu"].map((id) => row("2025-01-01", { viewEvents: 1 }, ["languages", id])),
        ),
      ],
      { through: "2025-01-01" },
    );
    const answer = await columns("usage-delta-series", { breakdowns: "languages", top: 1 });
    expect(ofKind(answer, "other")).toMatchObject({ values: 2, totals: { views: null } });
  });

  it("shows the values asked for, in that order, also those without numbers", async () => {
    await writeRollups(engine, [world], { through: "2025-01-01" });
    const answer = await columns("usage-delta-series", { breakdowns: "countries", values: ["FR", "XX", "US"] });
    expect(answer.series.filter(({ kind }) => kind === "value").map(({ id, totals }) => [id, totals["views"]])).toEqual(
      [
        ["FR", 5],
        ["XX", 0],
        ["US", 8],
      ],
    );
    expect(ofKind(answer, "other")?.totals).toEqual({ views: 5 });
  });

  it("knows the values of a snapshot from before the range", async () => {
    const value = (date: string, id: string) => row(date, { recordsAddedWithFiles: 3 }, ["resource_types", id]);
    const rows = [row("2024-05-01", { recordsAddedWithFiles: 3 }), value("2024-05-01", "dataset")];
    await writeRollups(engine, [{ scope: "global", kind: "records-added", rows }], { through: "2025-01-02" });
    const answer = await columns("record-snapshot-series", { breakdowns: "resource_types", start_date: "2025-01-01" });
    expect(named(answer, "dataset")?.metrics).toEqual({ records: [3, 3] });
    expect(named(answer, "dataset")?.label).toEqual({ en: "dataset" });
  });

  it("splits records, their works, files and bytes by whether they have files", async () => {
    const rows = [
      row("2025-01-01", { recordsAddedWithFiles: 3, parentsAddedWithFiles: 2, filesAdded: 5, bytesAdded: 70 }),
      row("2025-01-02", { recordsAddedMetadataOnly: 4, recordsRemovedWithFiles: 1, uploaders: 2 }),
    ];
    await writeRollups(engine, [{ scope: "global", kind: "records-added", rows }], { through: "2025-01-02" });
    const asked = { breakdowns: "filePresence", metrics: "records,parents,fileCount,dataVolume,uploaders" };
    const answer = await columns("record-snapshot-series", asked);
    expect(answer.breakdown).toBe("file_presence");
    expect(answer.series.map(({ kind, id, metrics }) => [kind, id, metrics["records"]])).toEqual([
      ["total", "", [3, 6]],
      ["value", "metadata_only", [0, 4]],
      ["value", "with_files", [3, 2]],
    ]);
    expect(named(answer, "metadata_only")?.totals).toEqual({
      records: 4,
      parents: 0,
      fileCount: 0,
      dataVolume: 0,
      uploaders: null,
    });
    expect(named(answer, "with_files")?.totals).toEqual({
      records: 2,
      parents: 2,
      fileCount: 5,
      dataVolume: 70,
      uploaders: null,
    });
    const byWorks = await columns("record-snapshot-series", { ...asked, metrics: "parents" });
    expect(byWorks.series.map(({ id }) => id)).toEqual(["", "with_files", "metadata_only"]);
    await expect(columns("usage-delta-series", { breakdowns: "file_presence" })).rejects.toThrow("no breakdown");
  });

  it("agrees with the category query on every day", async () => {
    await writeWorkedExample(engine);
    const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt("2025-03-13") });
    const wire = await queries.run(await queries.plan("usage-delta-category", {}, OPERATOR));
    if (wire.form !== "category") throw new Error(wire.form);
    for (const { name } of DEFAULT_BREAKDOWNS.filter(({ usage: side }) => side !== null && side !== undefined)) {
      const answer = await columns("usage-delta-series", { breakdowns: [name], metrics: ["views"], top: 1000 });
      const key = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      for (const series of wire.result[key]?.["views"] ?? []) {
        const sum = series.data.reduce((total, [, value]) => total + value, 0);
        expect(named(answer, series.id)?.totals["views"]).toBe(sum);
      }
    }
  });
});

describe("what is known", () => {
  const rows = ["2025-03-01", "2025-03-02", "2025-03-05", "2025-03-06"].map((date) => row(date, { viewEvents: 1 }));

  it("takes a day without any use for a quiet one, also behind the bookmark", async () => {
    await writeRollups(engine, [usage("global", rows)], { through: "2025-03-02", counted: "2025-03-06" });
    const answer = await columns("usage-delta-series", { start_date: "2025-03-01", end_date: "2025-03-06" });
    expect(answer.series[0]?.metrics["views"]).toEqual([1, 1, 0, 0, 1, 1]);
    expect(answer.missingDays).toEqual([]);
  });

  it.each([
    [{ start_date: "2025-03-09" }, "2025-03-09"],
    [{ end_date: "2025-02-27" }, "2025-02-27"],
  ])(
    "answers about the asked day, and no other one, where there is nothing on its open side: %j",
    async (asked, text) => {
      await writeRollups(engine, [usage("global", rows)], { through: "2025-03-02", counted: "2025-03-06" });
      const answer = await columns("usage-delta-series", asked, "2025-03-08");
      expect(answer).toMatchObject({
        from: text,
        to: text,
        periods: [{ from: text }],
        missingDays: [],
        incompleteDays: [],
      });
      expect(answer.series[0]?.metrics["views"]).toEqual([null]);
    },
  );

  it("calls the records of a scope that failed missing, or incomplete where older numbers are kept", async () => {
    const rows = [row("2025-03-01", { recordsAdded: 4 })];
    const kind = "records-added";
    await writeRollups(
      engine,
      [
        { scope: "global", kind, rows },
        { scope: "kept", kind, rows },
        { scope: "never", kind, rows: [] },
      ],
      { through: "2025-03-02", failedScopes: ["kept", "never"] },
    );
    const range = { start_date: "2025-03-01", end_date: "2025-03-02", granularity: "day", metrics: "records" };
    const of = async (community: string) =>
      await columns("record-delta-series", { ...range, community_id: community }, "2025-03-03");

    const global = await of("global");
    expect([global.missingDays, global.incompleteDays]).toEqual([[], []]);
    const kept = await of("kept");
    expect([kept.missingDays, kept.incompleteDays]).toEqual([[], ["2025-03-01", "2025-03-02"]]);
    expect(kept.series[0]?.metrics["records"]).toEqual(global.series[0]?.metrics["records"]);
    const never = await of("never");
    expect([never.missingDays, never.incompleteDays]).toEqual([["2025-03-01", "2025-03-02"], []]);
    expect(never.series[0]?.metrics["records"]).toEqual([null, null]);
  });

  it("marks missing, incomplete and unfinished days and never calls them zero", async () => {
    await writeRollups(engine, [usage("global", rows)], { through: "2025-03-02", counted: "2025-03-06" });
    engine = withUse(engine, ["2025-03-03", "2025-03-04", "2025-03-05"]);
    const answer = await columns(
      "usage-delta-series",
      { start_date: "2025-03-01", end_date: "2025-03-08" },
      "2025-03-08",
    );
    expect(answer.series[0]?.metrics["views"]).toEqual([1, 1, null, null, 1, 1, null, null]);
    expect(answer.periods.map(({ state }) => state)).toEqual([
      "complete",
      "complete",
      "missing",
      "missing",
      "open",
      "open",
      "open",
      "open",
    ]);
    expect(answer).toMatchObject({
      asOf: "2025-03-02",
      missingDays: ["2025-03-03", "2025-03-04", "2025-03-07"],
      incompleteDays: ["2025-03-05", "2025-03-06", "2025-03-08"],
    });
  });

  it.each([
    ["2025-03-03", "2025-03-09", "cut"],
    ["2025-02-24", "2025-03-02", "cut"],
    ["2025-03-10", "2025-03-16", "complete"],
    ["2025-03-11", "2025-03-16", "cut"],
    ["2025-03-31", "2025-04-06", "open"],
    ["2025-01-06", "2025-01-12", "cut"],
  ])("a week of %s to %s is %s", async (from, to, state) => {
    await writeRollups(
      engine,
      [
        usage("global", [row("2025-02-27", { viewEvents: 1 }), row("2025-03-05", { viewEvents: 1 })]),
        usage("B", [row("2025-03-05", { viewEvents: 1 })]),
      ],
      { through: "2025-04-01" },
    );
    const answer = await columns(
      "usage-delta-series",
      { community_id: "B", start_date: from, end_date: to, granularity: "week" },
      "2025-04-02",
    );
    expect(answer.periods).toMatchObject([{ state }]);
  });

  it("has zeros from the repository's first day on, nothing before it", async () => {
    const world = [
      usage("global", [row("2025-03-03", { viewEvents: 1 })]),
      usage("B", [row("2025-03-05", { viewEvents: 2 })]),
    ];
    await writeRollups(engine, world, { through: "2025-03-05" });
    const answer = await columns("usage-delta-series", {
      community_id: "B",
      start_date: "2025-03-02",
      end_date: "2025-03-05",
    });
    expect(answer.series[0]?.metrics["views"]).toEqual([null, 0, 0, 2]);
    expect(answer.firstDay).toBe("2025-03-05");
  });

  it("is empty and says so before the first run", async () => {
    const answer = await columns("usage-delta-series", { start_date: "2025-03-01", end_date: "2025-03-02" });
    expect(answer).toMatchObject({ asOf: null, firstDay: null, ruleVersion: "" });
    expect(answer.series).toEqual([
      { kind: "total", id: "", label: "", metrics: { views: [null, null] }, totals: { views: null } },
    ]);
  });
});

describe("any granularity", () => {
  it("has the same sum, and ends at the same total", async () => {
    const dates = ["2024-02-28", "2024-02-29", "2024-12-30", "2025-01-01", "2025-06-15"];
    await writeRollups(
      engine,
      [
        usage(
          "global",
          dates.map((date, index) => row(date, { viewEvents: index + 1 })),
        ),
      ],
      { through: "2025-06-30" },
    );
    const first = day("2024-02-01");
    await assert(
      asyncProperty(constantFrom(...GRANULARITIES), nat(400), nat(400), async (granularity, skip, length) => {
        const range = {
          start_date: dayFromNumber(first + skip),
          end_date: dayFromNumber(first + skip + length),
          granularity,
        };
        const delta = await columns("usage-delta-series", range, "2025-07-01");
        const snapshot = await columns("usage-snapshot-series", range, "2025-07-01");
        const known = (delta.series[0]?.metrics["views"] ?? []).flatMap((value) => value ?? []);
        expect(known.reduce((sum, value) => sum + value, 0)).toBe(delta.series[0]?.totals["views"] ?? 0);
        const running = (snapshot.series[0]?.metrics["views"] ?? []).flatMap((value) => value ?? []);
        const end = snapshot.series[0]?.totals["views"] ?? null;
        expect(running.at(-1) ?? null).toBe(running.length > 0 ? end : null);
      }),
      { numRuns: 60 },
    );
  });
});
