import { DEFAULT_BREAKDOWNS, OPTIONAL_USAGE_SIDES, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt, writeRollups, type CountedRow, type CountedScope } from "../../test/counted-world.ts";
import { RecordPacker } from "../domain/record-packing.ts";
import { Queries } from "./queries.ts";
import { type QueryResult } from "./run-plan.ts";
import { OPERATOR } from "./scopes.ts";

let engine: Engine;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
});
afterEach(() => engine.close());

async function answer(
  query: string,
  parameters: Readonly<Record<string, unknown>>,
  breakdowns: readonly Breakdown[] = DEFAULT_BREAKDOWNS,
): Promise<QueryResult> {
  const queries = new Queries({ engine, breakdowns, topLimit: 20, now: clockAt("2025-03-13") });
  return queries.run(await queries.plan(query, parameters, OPERATOR));
}

async function category(query: string, parameters: Readonly<Record<string, unknown>> = {}) {
  const result = await answer(query, parameters);
  if (result.form !== "category") throw new Error(`${query} answers with ${result.form}`);
  return result.result;
}

async function series(query: string, parameters: Readonly<Record<string, unknown>>) {
  const result = await answer(query, parameters);
  if (result.form !== "series") throw new Error(`${query} answers with ${result.form}`);
  return result.series;
}

function records(scope: string, days: Readonly<Record<string, number>>): CountedScope {
  const rows = Object.entries(days).map(([date, added]) => ({
    breakdown: "",
    id: "",
    day: date,
    counters: added < 0 ? { recordsRemovedWithFiles: -added } : { recordsAddedWithFiles: added },
  }));
  return { scope, kind: "records-added", rows };
}

function subject(id: string, date: string): CountedRow {
  return { breakdown: "subjects", id, day: date, counters: { recordsAddedWithFiles: 1 } };
}

const global = { id: "global", name: "Global", type: "bar" };

describe("category queries", () => {
  it("has the keys of the default configuration, in its order", async () => {
    await writeWorkedExample(engine);
    expect(Object.keys(await category("record-delta-category"))).toEqual(
      "global,resourceTypes,accessStatuses,languages,subjects,rights,funders,periodicals,publishers,affiliations,fileTypes,filePresence".split(
        ",",
      ),
    );
    expect(Object.keys(await category("usage-delta-category"))).toEqual(
      "global,resourceTypes,accessStatuses,languages,rights,funders,periodicals,publishers,affiliations,countries,fileTypes".split(
        ",",
      ),
    );
    const twice = ["languages", "rights", "funders", "periodicals", "publishers", "affiliations", "countries"];
    expect(Object.keys(await category("usage-snapshot-category"))).toEqual([
      "global",
      "resourceTypes",
      "accessStatuses",
      ...twice.flatMap((name) => [`${name}ByView`, `${name}ByDownload`]),
      "fileTypes",
    ]);
  });

  it.each([
    ["record-delta-category", "global", "records,fileCount,dataVolume,parents,uploaders"],
    ["record-delta-category", "rights", "records,fileCount,dataVolume,parents"],
    ["record-snapshot-category", "global", "records,parents,uploaders,dataVolume,fileCount"],
    ["record-snapshot-category", "filePresence", "records,parents,dataVolume,fileCount"],
    [
      "usage-snapshot-category",
      "languagesByView",
      "dataVolume,downloadUniqueFiles,downloadUniqueParents,downloadUniqueRecords,downloadVisitors,downloads,viewUniqueParents,viewUniqueRecords,viewVisitors,views",
    ],
    [
      "usage-snapshot-category",
      "countriesByDownload",
      "views,downloads,viewVisitors,downloadVisitors,viewUniqueRecords,viewUniqueParents,downloadUniqueFiles,downloadUniqueParents,downloadUniqueRecords,dataVolume",
    ],
  ])("%s lists the metrics of %s in wire order", async (query, name, metrics) => {
    await writeWorkedExample(engine);
    expect(Object.keys((await category(query))[name] ?? {})).toEqual(metrics.split(","));
  });

  it("gives every key with empty lists where there is nothing, and two empty series of file presence", async () => {
    const result = await category("record-delta-category");
    const nothing = { data: [], type: "line", valueType: "number" };
    expect(result["global"]).toEqual({ records: [], fileCount: [], dataVolume: [], parents: [], uploaders: [] });
    expect(result["subjects"]).toEqual({ records: [], fileCount: [], dataVolume: [], parents: [] });
    expect(result["filePresence"]?.["records"]).toEqual([
      { id: "metadata_only", name: "Metadata Only", ...nothing },
      { id: "with_files", name: "With Files", ...nothing },
    ]);
  });

  it("nets additions and removals by day, zeros included", async () => {
    await writeRollups(engine, [records("global", { "2025-05-30": 2 })], { through: "2025-05-31" });
    const result = await category("record-delta-category");
    expect(result["global"]?.["records"]).toEqual([
      {
        ...global,
        data: [
          ["05-30", 2],
          ["05-31", 0],
        ],
        valueType: "number",
        year: 2025,
      },
    ]);
    expect(result["filePresence"]?.["records"]?.[1]).toMatchObject({
      id: "with_files",
      data: [
        ["05-30", 2],
        ["05-31", 0],
      ],
    });
  });

  it("sums snapshots over month borders", async () => {
    const days = { "2025-08-27": 2, "2025-08-31": 2, "2025-09-01": -1 };
    await writeRollups(engine, [records("global", days)], { through: "2025-09-01" });
    const [all] =
      (await category("record-snapshot-category", { start_date: "2025-08-31" }))["global"]?.["records"] ?? [];
    expect(all?.data).toEqual([
      ["08-31", 4],
      ["09-01", 3],
    ]);
  });

  it("writes full dates where a series crosses the year, and the year where it does not", async () => {
    const scope = records("global", { "2024-12-31": 2, "2025-01-01": 1 });
    const rows = [
      ...scope.rows,
      subject("old", "2024-12-31"),
      subject("both", "2024-12-31"),
      subject("both", "2025-01-01"),
    ];
    await writeRollups(engine, [{ ...scope, rows }], { through: "2025-01-01" });
    const result = await category("record-delta-category");
    expect(result["global"]?.["records"]).toEqual([
      {
        ...global,
        data: [
          ["2024-12-31", 2],
          ["2025-01-01", 1],
        ],
        valueType: "number",
      },
    ]);
    const subjects = result["subjects"]?.["records"] ?? [];
    expect(subjects.find(({ id }) => id === "old")).toMatchObject({ data: [["12-31", 1]], year: 2024, name: "old" });
    expect(subjects.find(({ id }) => id === "both")).not.toHaveProperty("year");
  });

  it("calls every volume a file size", async () => {
    await writeWorkedExample(engine);
    const result = await category("usage-snapshot-category");
    const types = Object.values(result).flatMap(
      (metrics) => metrics["dataVolume"]?.map(({ valueType }) => valueType) ?? [],
    );
    expect(new Set(types)).toEqual(new Set(["filesize"]));
  });

  it("keeps language maps as labels and names a value without a label by its id", async () => {
    await writeWorkedExample(engine);
    const result = await category("usage-delta-category", { community_id: "a" });
    expect(result["resourceTypes"]?.["views"]?.map(({ id, name }) => [id, name])).toContainEqual([
      "dataset",
      { en: "Dataset" },
    ]);
    const files = await category("record-delta-category", { community_id: "a" });
    expect(files["fileTypes"]?.["records"]?.map(({ id, name }) => [id, name])).toContainEqual(["csv", "csv"]);
  });

  it("ranks the two lists of a top breakdown by their own side, with ten metrics each", async () => {
    await writeWorkedExample(engine);
    const result = await category("usage-snapshot-category", { start_date: "2025-03-12", end_date: "2025-03-12" });
    const ids = (name: string) => result[name]?.["views"]?.map(({ id }) => id);
    expect(ids("countriesByView")).toEqual(["US", "FR", "DE"]);
    expect(ids("countriesByDownload")).toEqual(["DE", "US"]);
    expect(Object.keys(result["countriesByDownload"] ?? {})).toHaveLength(10);
  });

  it("groups by exact name when subjects count use, too", async () => {
    const subjects = OPTIONAL_USAGE_SIDES["subjects"] ?? null;
    const breakdowns = DEFAULT_BREAKDOWNS.map((entry) =>
      entry.name === "subjects" ? { ...entry, usage: subjects } : entry,
    );
    const result = await answer("usage-snapshot-category", {}, breakdowns);
    if (result.form !== "category") throw new Error(result.form);
    expect(Object.keys(result.result)).toEqual(expect.arrayContaining(["subjectsByView", "subjectsByDownload"]));
    expect(result.result).not.toHaveProperty("subjects");
  });

  it("answers by the basis asked for", async () => {
    await writeWorkedExample(engine);
    const range = { community_id: "B", start_date: "2025-03-10" };
    const published = await category("record-snapshot-category", { ...range, date_basis: "published" });
    const added = await category("record-snapshot-category", range);
    expect(published["global"]?.["records"]?.[0]?.data[0]).toEqual(["03-10", 1]);
    expect(added["global"]?.["records"]?.[0]?.data[0]).toEqual(["03-10", 0]);
  });
});

async function countries(metric: string): Promise<readonly string[]> {
  const found = await series("usage-snapshot-series", { category: "countries", metric, start_date: "2025-03-12" });
  return found.map(({ id }) => id);
}

describe("series queries", () => {
  it.each([
    ["resource_types", "dataVolume"],
    ["resourceTypes", "data_volume"],
  ])("knows the category %s and the metric %s", async (name, metric) => {
    await writeWorkedExample(engine);
    const found = await series("usage-delta-series", { category: name, metric });
    expect(found.find(({ id }) => id === "publication-thesis")).toMatchObject({ valueType: "filesize" });
  });

  it("gives the whole of the scope, views or records, when nothing is named", async () => {
    await writeWorkedExample(engine);
    expect(await series("usage-delta-series", { community_id: "A" })).toEqual([
      {
        ...global,
        data: [
          ["03-10", 3],
          ["03-11", 1],
          ["03-12", 1],
        ],
        valueType: "number",
        year: 2025,
      },
    ]);
    expect(await series("record-snapshot-series", { community_id: "A" })).toMatchObject([
      {
        data: [
          ["03-10", 2],
          ["03-11", 2],
          ["03-12", 3],
        ],
      },
    ]);
  });

  it("keeps one value when asked for it", async () => {
    await writeWorkedExample(engine);
    const found = await series("usage-delta-series", { category: "countries", subcount_id: "FR" });
    expect(found).toMatchObject([{ id: "FR", data: [["03-12", 2]] }]);
  });

  it("takes the plain name of a top breakdown for the list of the metric's side", async () => {
    await writeWorkedExample(engine);
    expect(await countries("views")).toEqual(["US", "FR", "DE"]);
    expect(await countries("downloads")).toEqual(["DE", "US"]);
  });
});

describe("checkpoints", () => {
  it("stand for everything up to the end of their year", async () => {
    const generation = await writeRollups(engine, [records("global", { "2023-06-01": 5, "2025-01-02": 1 })], {
      through: "2025-01-02",
    });
    const before = await series("record-snapshot-series", { start_date: "2025-01-01" });
    const packer = new RecordPacker();
    packer.row(0, [0, 5, ...Array.from({ length: 15 }, () => 0)]);
    const checkpoint = { kind: "records-added", scope: 0, breakdown: "", period: 2023, data: packer.take() } as const;
    await engine.rollups.writeCheckpoints(generation.id, [checkpoint]);
    expect(await series("record-snapshot-series", { start_date: "2025-01-01" })).toEqual(before);
    expect(before).toMatchObject([
      {
        data: [
          ["01-01", 5],
          ["01-02", 6],
        ],
      },
    ]);
  });
});
