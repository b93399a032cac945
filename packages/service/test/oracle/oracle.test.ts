import { describe, expect, it } from "vitest";
import { expectedDocuments, WORKED_DAYS, WORKED_SCOPES, workedExample } from "../worked-example.ts";
import { DEFAULT_CONFIG, documents, openOracle, QUERIES, type DocumentQuery, type OracleQuery } from "./oracle.ts";
import { canonicalJson, fieldAt } from "./text.ts";

const world = workedExample();
const oracle = openOracle(world);
const [D1, D2, D3] = ["2025-03-10", "2025-03-11", "2025-03-12"];

function query(name: DocumentQuery, scope: string, range: { from: string; to: string } = WORKED_DAYS): OracleQuery {
  return { query: name, scope, ...range };
}

/** "2/1": with files / metadata only. "3:2700": files and bytes. */
function brief(value: unknown): unknown {
  const [files, none] = [fieldAt(value, "with_files"), fieldAt(value, "metadata_only")];
  if (files !== undefined) return `${files}/${none}`;
  const bytes = fieldAt(value, "data_volume");
  return bytes === undefined ? value : `${fieldAt(value, "file_count")}:${bytes}`;
}

function numbers(side: unknown): string {
  const names = ["total_events", "unique_visitors", "unique_records", "unique_parents", "unique_files", "total_volume"];
  return names.flatMap((name) => fieldAt(side, name) ?? []).join("/");
}

function one(name: DocumentQuery, scope: string, day: string): unknown {
  const [document] = oracle.documents(query(name, scope, { from: day, to: day }));
  return document;
}

function itemOf(document: unknown, subcount: string, id: string): unknown {
  const list = fieldAt(document, "subcounts", subcount);
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.find((item) => fieldAt(item, "id") === id);
}

function recordChanges(basis: "created" | "published", scope: string): readonly string[] {
  const range = { from: "2000-01-01", to: "2025-03-12" };
  return oracle.documents(query(`community-record-delta-${basis}`, scope, range)).flatMap((delta) => {
    const [added, removed] = ["added", "removed"].map((side) => brief(fieldAt(delta, "records", side)));
    const nothing = added === "0/0" && removed === "0/0";
    return nothing ? [] : [`${String(fieldAt(delta, "period_start")).slice(0, 10)} +${added} -${removed}`];
  });
}

describe("the worked example", () => {
  it.each(QUERIES.flatMap((name) => WORKED_SCOPES.map((scope) => [name, scope] as const)))(
    "%s of %s",
    (name, scope) => {
      const found = documents(world, DEFAULT_CONFIG, query(name, scope));
      expect(canonicalJson(found)).toBe(canonicalJson(expectedDocuments(name, scope)));
    },
  );
});

describe("record deltas of the worked example", () => {
  it.each([
    ["A", D1, ["1/1", "0/0", "1/1", "0/0", "2:1500", "0:0", 2]],
    ["A", D2, ["0/0", "0/0", "0/0", "0/0", "0:0", "0:0", 0]],
    ["A", D3, ["1/0", "0/0", "0/0", "0/0", "1:1200", "0:0", 1]],
    ["B", D1, ["0/0", "0/0", "0/0", "0/0", "0:0", "0:0", 0]],
    ["B", D2, ["1/1", "0/0", "1/1", "0/0", "1:2000", "0:0", 2]],
    ["B", D3, ["0/0", "1/0", "0/0", "1/0", "0:0", "1:2000", 0]],
    ["global", D1, ["1/1", "0/0", "1/1", "0/0", "2:1500", "0:0", 2]],
    ["global", D2, ["1/0", "0/0", "1/0", "0/0", "1:2000", "0:0", 1]],
    ["global", D3, ["1/0", "0/0", "0/0", "0/0", "1:1200", "0:0", 1]],
  ])("%s on %s", (scope, day, expected) => {
    const delta = one("community-record-delta-added", scope, day);
    const found = ["records", "parents", "files"].flatMap((what) =>
      ["added", "removed"].map((side) => brief(fieldAt(delta, what, side))),
    );
    expect([...found, fieldAt(delta, "uploaders")]).toEqual(expected);
  });
});

describe("record snapshots of the worked example", () => {
  it.each([
    ["A", D1, ["1/1", "1/1", "2:1500", 2]],
    ["A", D2, ["1/1", "1/1", "2:1500", 2]],
    ["A", D3, ["2/1", "1/1", "3:2700", 2]],
    ["B", D1, ["0/0", "0/0", "0:0", 0]],
    ["B", D2, ["1/1", "1/1", "1:2000", 2]],
    ["B", D3, ["0/1", "0/1", "0:0", 1]],
    ["global", D1, ["1/1", "1/1", "2:1500", 2]],
    ["global", D2, ["2/1", "2/1", "3:3500", 2]],
    ["global", D3, ["3/1", "2/1", "4:4700", 2]],
  ])("%s on %s", (scope, day, expected) => {
    const snapshot = one("community-record-snapshot-added", scope, day);
    const names = ["total_records", "total_parents", "total_files", "total_uploaders"];
    expect(names.map((name) => brief(fieldAt(snapshot, name)))).toEqual(expected);
  });

  it.each([
    ["resource_types", "dataset", "A", ["0/1", "0/1", "0:0"]],
    ["resource_types", "dataset", "B", ["0/1", "0/1", "0:0"]],
    ["resource_types", "dataset", "global", ["0/1", "0/1", "0:0"]],
    ["resource_types", "publication-article", "A", ["2/0", "1/0", "3:2700"]],
    ["resource_types", "publication-article", "B", null],
    ["resource_types", "publication-article", "global", ["2/0", "1/0", "3:2700"]],
    ["resource_types", "publication-thesis", "A", null],
    ["resource_types", "publication-thesis", "B", null],
    ["resource_types", "publication-thesis", "global", ["1/0", "1/0", "1:2000"]],
    ["file_types", "csv", "A", ["1/0", "1/0", "1:500"]],
    ["file_types", "csv", "B", null],
    ["file_types", "csv", "global", ["1/0", "1/0", "1:500"]],
    ["file_types", "pdf", "A", ["2/0", "1/0", "2:2200"]],
    ["file_types", "pdf", "B", null],
    ["file_types", "pdf", "global", ["3/0", "2/0", "3:4200"]],
  ])("%s %s of %s at the end", (...[subcount, id, scope, expected]) => {
    const item = itemOf(one("community-record-snapshot-added", scope, D3 ?? ""), subcount, id);
    const found = item && ["records", "parents", "files"].map((what) => brief(fieldAt(item, what)));
    expect(found ?? null).toEqual(expected);
  });
});

describe("usage totals of the worked example", () => {
  it.each([
    ["A", D1, "3/2/2/2", "2/2/1/1/2/1500", "3/2/2/2", "2/2/1/1/2/1500"],
    ["A", D2, "1/1/1/1", "0/0/0/0/0/0", "4/3/3/3", "2/2/1/1/2/1500"],
    ["A", D3, "1/1/1/1", "1/1/1/1/1/1200", "5/4/4/4", "3/3/2/2/3/2700"],
    ["B", D1, "0/0/0/0", "0/0/0/0/0/0", "0/0/0/0", "0/0/0/0/0/0"],
    ["B", D2, "1/1/1/1", "1/1/1/1/1/2000", "1/1/1/1", "1/1/1/1/1/2000"],
    ["B", D3, "1/1/1/1", "0/0/0/0/0/0", "2/2/2/2", "1/1/1/1/1/2000"],
    ["global", D1, "3/2/2/2", "2/2/1/1/2/1500", "3/2/2/2", "2/2/1/1/2/1500"],
    ["global", D2, "2/1/2/2", "1/1/1/1/1/2000", "5/3/4/4", "3/3/2/2/3/3500"],
    ["global", D3, "3/2/2/2", "1/1/1/1/1/1200", "8/5/6/6", "4/4/3/3/4/4700"],
  ])("%s on %s", (scope, day, ...expected) => {
    const [delta, snapshot] = (["delta", "snapshot"] as const).map((kind) =>
      one(`community-usage-${kind}`, scope, day),
    );
    const found = [delta, snapshot].flatMap((document) =>
      ["view", "download"].map((side) => numbers(fieldAt(document, "totals", side))),
    );
    expect(found).toEqual(expected);
  });

  it.each([
    ["dataset", "A", "1/1/1/1", "0/0/0/0/0/0"],
    ["dataset", "B", null, null],
    ["dataset", "global", "1/1/1/1", "0/0/0/0/0/0"],
    ["publication-article", "A", "4/3/3/3", "3/3/2/2/3/2700"],
    ["publication-article", "global", "4/3/3/3", "3/3/2/2/3/2700"],
    ["publication-thesis", "A", null, null],
    ["publication-thesis", "B", "2/2/2/2", "1/1/1/1/1/2000"],
    ["publication-thesis", "global", "3/2/2/2", "1/1/1/1/1/2000"],
  ])("resource type %s of %s at the end", (...[id, scope, view, download]) => {
    const item = itemOf(one("community-usage-snapshot", scope, D3 ?? ""), "resource_types", id);
    expect(item ? numbers(fieldAt(item, "view")) : null).toBe(view);
    expect(item ? numbers(fieldAt(item, "download")) : null).toBe(download);
  });

  it.each([
    ["A", "US,DE", "US,DE"],
    ["B", "FR,US", "DE"],
    ["global", "US,FR,DE", "DE,US"],
  ])("countries of %s in their order at the end", (scope, byView, byDownload) => {
    const countries = fieldAt(one("community-usage-snapshot", scope, D3 ?? ""), "subcounts", "countries");
    const order = (name: string) => Object.values(Object(fieldAt(countries, name))).map((item) => fieldAt(item, "id"));
    expect([order("by_view").join(), order("by_download").join()]).toEqual([byView, byDownload]);
  });
});

describe("variations of the worked example", () => {
  it.each([
    ["created", "A", ["2025-03-10 +1/1 -0/0", "2025-03-12 +1/0 -0/0"]],
    ["created", "B", ["2025-03-10 +0/1 -0/0", "2025-03-11 +1/0 -0/0", "2025-03-12 +0/0 -1/0"]],
    ["published", "A", ["2024-05-01 +1/0 -0/0", "2025-03-11 +0/1 -0/0", "2025-03-12 +1/0 -0/0"]],
    ["published", "B", ["2023-01-01 +1/0 -0/0", "2025-03-11 +0/1 -0/0", "2025-03-12 +0/0 -1/0"]],
  ] as const)("basis %s of %s", (basis, scope, expected) => {
    expect(recordChanges(basis, scope)).toEqual(expected);
  });

  it("counts an affiliation once per record, whatever the role", () => {
    const delta = itemOf(one("community-record-delta-added", "A", "2025-03-10"), "affiliations", "0uni00001");
    const snapshot = itemOf(one("community-record-snapshot-added", "A", "2025-03-12"), "affiliations", "0uni00001");
    const added = ["records", "parents", "files"].map((what) => brief(fieldAt(delta, what, "added")));
    expect(added).toEqual(["1/0", "1/0", "2:1500"]);
    expect(["records", "parents", "files"].map((what) => brief(fieldAt(snapshot, what)))).toEqual([
      "2/0",
      "1/0",
      "3:2700",
    ]);
  });

  it("gives the truly distinct values of a range", () => {
    expect(oracle.trueDistinct({ scope: "global", ...WORKED_DAYS })).toEqual({
      view: { records: 4, parents: 3 },
      download: { records: 3, parents: 2, files: 4 },
    });
  });

  it("finds the communities of downloads that recorded none by their memberships", () => {
    const bare = world.events.map((event) => {
      const { community_ids: recorded, ...rest } = Object.assign({ community_ids: null }, event);
      return fieldAt(event, "event") === "file-download" ? rest : { ...rest, community_ids: recorded };
    });
    const found = documents({ ...world, events: bare }, DEFAULT_CONFIG, query("community-usage-delta", "A"));
    expect(found).toEqual(oracle.documents(query("community-usage-delta", "A")));
  });
});
