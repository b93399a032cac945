import { describe, expect, it } from "vitest";
import { dayText, publicationDay } from "./instants.ts";
import { DEFAULT_CONFIG, openOracle, type Oracle, type World } from "./oracle.ts";
import { field, fieldAt } from "./text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A line about a record: metadata only, in no community, unless it says otherwise. */
function record(id: string, at: string, more: Fields = {}): object {
  const { owner = "u1", parent = `p-${id}`, files = {}, communities = [], ...rest } = more;
  return {
    id,
    created: "2025-03-10T09:00:00",
    updated: at,
    is_published: true,
    parent: { id: parent, access: { owned_by: { user: owner } }, communities: { ids: communities } },
    files: { enabled: Object.keys(Object(files)).length > 0, entries: files },
    ...rest,
  };
}

function file(key: string, size: number, checksum = "c1"): Fields {
  return { [key]: { key, ext: key.slice(key.lastIndexOf(".") + 1), size, checksum } };
}

/** A line about "r" in community A, unless it says otherwise. */
function member(type: string, at: string, more: Fields = {}): object {
  return { record_id: "r", community_id: "A", event_type: type, event_date: at, ...more };
}

function view(recid: string, timestamp: string, more: Fields = {}): object {
  return { event: "record-view", ...used(recid), unique_id: `ui_${recid}`, timestamp, ...more };
}

function download(recid: string, timestamp: string, more: Fields = {}): object {
  return { event: "file-download", ...used(recid), unique_id: "b_f", file_id: "f", size: 10, timestamp, ...more };
}

function used(recid: string): Fields {
  return { recid, parent_recid: `p-${recid}`, visitor_id: "v1" };
}

function oracle(lines: Partial<World>): Oracle {
  return openOracle({ records: [], memberships: [], communities: [], events: [], ...lines });
}

interface Place {
  readonly scope?: string;
  readonly basis?: "added" | "created" | "published";
  /** Name and value; the totals without it. */
  readonly item?: readonly [subcount: string, id: string];
}
const YEAR = { from: "2025-01-01", to: "2025-12-31" };

/** Days with a change: with files / metadata only, and files:bytes where files move. */
function changes(told: Oracle, { scope = "global", basis = "added", item }: Place = {}): readonly string[] {
  return told.documents({ query: `community-record-delta-${basis}`, scope, ...YEAR }).flatMap((delta) => {
    const part = item === undefined ? delta : itemIn(delta, item);
    const numbers = ["records", "parents", "files"].map((what) => `${what} ${sides(field(part, what))}`);
    const day = String(field(delta, "period_start")).slice(5, 10);
    const moved = numbers.filter((text) => /[1-9]/.test(text));
    return part === undefined || moved.length === 0 ? [] : [`${day} ${moved.join(", ")}`];
  });
}

function itemIn(document: unknown, [subcount, id]: readonly [string, string]): unknown {
  const list = fieldAt(document, "subcounts", subcount);
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.find((entry) => field(entry, "id") === id);
}

function sides(change: unknown): string {
  return `+${pair(field(change, "added"))} -${pair(field(change, "removed"))}`;
}

function pair(numbers: unknown): string {
  const [files, none] = [field(numbers, "with_files"), field(numbers, "metadata_only")];
  return files === undefined ? `${field(numbers, "file_count")}:${field(numbers, "data_volume")}` : `${files}/${none}`;
}

/** Days with use: views and downloads. */
function uses(told: Oracle, scope = "global", item?: readonly [string, string]): readonly string[] {
  return told.documents({ query: "community-usage-delta", scope, ...YEAR }).flatMap((delta) => {
    const part = item === undefined ? field(delta, "totals") : itemIn(delta, item);
    const [views, downloads] = [fieldAt(part, "view", "total_events"), fieldAt(part, "download", "total_events")];
    const day = String(field(delta, "period_start")).slice(5, 10);
    return views || downloads ? [`${day} ${views}+${downloads}`] : [];
  });
}

function labelOn(told: Oracle, day: string, item: readonly [string, string]): unknown {
  const [snapshot] = told.documents({ query: "community-record-snapshot-added", scope: "global", from: day, to: day });
  return field(itemIn(snapshot, item), "label");
}

const once = [record("r", "2025-03-10T09:00:00")];
const edit = (first: Fields, then: Fields, at = "2025-03-12T10:00:00") =>
  oracle({ records: [record("r", "2025-03-10T09:00:00", first), record("r", at, then)] });
const inA = (...lines: readonly object[]) => oracle({ records: once, memberships: lines });

describe("decision 1: a change at midnight belongs to the day it begins", () => {
  it("for openings and closings", () => {
    const told = inA(member("added", "2025-03-11T00:00:00"), member("removed", "2025-03-13T00:00:00"));
    expect(changes(told, { scope: "A" })).toEqual([
      "03-11 records +0/1 -0/0, parents +0/1 -0/0",
      "03-13 records +0/0 -0/1, parents +0/0 -0/1",
    ]);
  });

  it("and the last microsecond to the day it ends", () => {
    const told = inA(member("added", "2025-03-11T23:59:59.999999"));
    expect(changes(told, { scope: "A" })).toEqual(["03-11 records +0/1 -0/0, parents +0/1 -0/0"]);
  });
});

describe("decision 2: files are booked one by one", () => {
  const told = edit(
    { files: { ...file("a.pdf", 10), ...file("b.csv", 5) }, metadata: { publisher: "P" } },
    { files: { ...file("a.pdf", 12, "c2"), ...file("b.csv", 5) }, metadata: { publisher: "P" } },
  );
  it.each([
    [undefined, "files +1:12 -1:10"],
    [["publishers", "P"], "files +1:12 -1:10"],
    [["file_types", "pdf"], "files +1:12 -1:10"],
  ] as const)("in %s", (item, expected) => {
    expect(changes(told, item ? { item } : {})[1]).toBe(`03-12 ${expected}`);
  });

  it("and a type whose files stay is not touched", () => {
    expect(changes(told, { item: ["file_types", "csv"] })).toHaveLength(1);
  });
});

describe("decision 3: publication dates", () => {
  it.each([
    ["2024", "2024-01-01"],
    ["2024-02", "2024-02-01"],
    ["2024-02-29", "2024-02-29"],
    ["2024-01/2024-01-15", "2024-01-01"],
    ["2024-06-15/2024", "2024-06-15"],
    ["2024-06-15/2024-06", "2024-06-15"],
    ["0099", "0099-01-01"],
    ["0001-02", "0001-02-01"],
    ["2024-03/2024-02", null],
    ["2023-02-29", null],
    ["2024-13", null],
    ["2020-2021", null],
    ["20200113", null],
    ["2020-W05", null],
    ["1999~", null],
    ["", null],
    [null, null],
    ["1999-12-31T23:00:00-05:00", "2000-01-01"],
    ["2024-05-05T10:00:00", "2024-05-05"],
    ["2024/2025/2026", null],
  ])("%s", (text, expected) => {
    const day = publicationDay(text);
    expect(day === null ? null : dayText(day)).toBe(expected);
  });
});

describe("decision 4 and 5: what edits reach backwards", () => {
  it("takes the newest publication date for the whole history", () => {
    const told = edit({ metadata: { publication_date: "2025-02-01" } }, { metadata: { publication_date: "2025-04" } });
    expect(changes(told, { basis: "published" })).toEqual(["04-01 records +0/1 -0/0, parents +0/1 -0/0"]);
  });

  it("lets the first state stand for the time before it", () => {
    const told = edit(
      { metadata: { publication_date: "2025-02-01", publisher: "P" } },
      { metadata: { publication_date: "2025-02-01" } },
    );
    expect(changes(told, { basis: "published", item: ["publishers", "P"] })).toEqual([
      "02-01 records +0/1 -0/0, parents +0/1 -0/0",
      "03-12 records +0/0 -0/1, parents +0/0 -0/1",
    ]);
  });

  it("places what was published centuries ago", () => {
    const told = oracle({ records: [record("r", "2025-03-10T09:00:00", { metadata: { publication_date: "1066" } })] });
    const range = { from: "1065-12-31", to: "1066-01-02" };
    const deltas = told.documents({ query: "community-record-delta-published", scope: "global", ...range });
    expect(deltas.map((delta) => sides(field(delta, "records")))).toEqual(["+0/1 -0/0", "+0/0 -0/0"]);
  });

  it("knows no drafts", () => {
    expect(changes(oracle({ records: [record("r", "2025-03-10T09:00:00", { is_draft: true })] }))).toEqual([]);
  });
});

describe("decision 6: deletion and restore", () => {
  const gone = { is_deleted: true, tombstone: { removal_date: "2025-03-12T08:00:00" } };
  it("closes every scope and reopens those that are open", () => {
    const told = oracle({
      records: [...once, record("r", "2025-03-13T08:00:00", gone), record("r", "2025-03-20T08:00:00")],
      memberships: [member("added", "2025-03-11T00:00:00")],
    });
    const expected = ["03-12 records +0/0 -0/1, parents +0/0 -0/1", "03-20 records +0/1 -0/0, parents +0/1 -0/0"];
    expect(changes(told).slice(1)).toEqual(expected);
    expect(changes(told, { scope: "A" }).slice(1)).toEqual(expected);
  });

  it("happens at the update of the first line that says so, where no line gives a date", () => {
    const told = oracle({ records: [...once, record("r", "2025-03-14T00:00:00", { is_deleted: true })] });
    expect(changes(told)[1]).toMatch(/^03-14 records \+0\/0 -0\/1/);
  });

  it("is told by a membership line likewise", () => {
    const told = inA(member("added", "2025-03-11T00:00:00", { is_deleted: true, deleted_date: "2025-03-15" }));
    expect(changes(told)[1]).toMatch(/^03-15 records \+0\/0 -0\/1/);
    expect(changes(told, { scope: "A" })[1]).toMatch(/^03-15 records \+0\/0 -0\/1/);
  });

  it("is told by a line of the whole repository too", () => {
    const told = inA(
      member("added", "2025-03-10T10:00:00", {
        community_id: "global",
        is_deleted: true,
        deleted_date: "2025-03-15T00:00:00",
      }),
    );
    expect(changes(told)[1]).toMatch(/^03-15 records \+0\/0 -0\/1/);
  });

  it("leaves a record alone that has left before", () => {
    const told = oracle({
      records: [...once, record("r", "2025-03-13T08:00:00", gone), record("r", "2025-03-20T08:00:00")],
      memberships: [member("added", "2025-03-10T10:00:00"), member("removed", "2025-03-11T10:00:00")],
    });
    expect(changes(told, { scope: "A" })).toHaveLength(2);
  });
});

describe("decisions 7 and 8: membership", () => {
  it("falls back to the communities of the newest state, from the creation on", () => {
    const told = edit({ communities: ["B"] }, { communities: ["A"] });
    expect(changes(told, { scope: "A" })).toEqual(["03-10 records +0/1 -0/0, parents +0/1 -0/0"]);
    expect(changes(told, { scope: "B" })).toEqual([]);
  });

  it("does not fall back where any line is, but lines of the whole repository are none", () => {
    const records = [record("r", "2025-03-10T09:00:00", { communities: ["A"] })];
    const removed = oracle({ records, memberships: [member("removed", "2025-03-11T00:00:00")] });
    const global = oracle({ records, memberships: [member("removed", "2025-03-11", { community_id: "global" })] });
    expect(changes(removed, { scope: "A" })).toEqual([]);
    expect(changes(global, { scope: "A" })).toHaveLength(1);
    expect(changes(global)).toHaveLength(1);
  });

  it.each([
    ["a second add", ["added 03-11", "added 03-12", "removed 03-14"], ["03-11 +", "03-14 -"]],
    ["a second removal", ["added 03-11", "removed 03-12", "removed 03-14"], ["03-11 +", "03-12 -"]],
    ["a removal without add", ["removed 03-11", "added 03-12"], ["03-12 +"]],
    ["a return", ["added 03-11", "removed 03-12", "added 03-14"], ["03-11 +", "03-12 -", "03-14 +"]],
    ["add and removal at one instant", ["added 03-11", "removed 03-11"], []],
  ])("%s", (_, lines, expected) => {
    const told = inA(...lines.map((line) => member(line.slice(0, -6), `2025-${line.slice(-5)}T08:00:00`)));
    const found = changes(told, { scope: "A" }).map(
      (text) => `${text.slice(0, 5)} ${text.includes("+0/1") ? "+" : "-"}`,
    );
    expect(found).toEqual(expected);
  });

  it("moves the first opening to the basis date and no later one", () => {
    const told = inA(
      member("added", "2025-03-12T00:00:00"),
      member("removed", "2025-03-14T00:00:00"),
      member("added", "2025-03-16T00:00:00"),
    );
    expect(changes(told, { scope: "A", basis: "created" }).map((text) => text.slice(0, 5))).toEqual([
      "03-10",
      "03-14",
      "03-16",
    ]);
  });

  it("counts add and removal of one day on both sides, removal and return on neither", () => {
    const [first, second] = ["2025-03-12T01:00:00", "2025-03-12T02:00:00"];
    const brief = inA(member("added", first), member("removed", second));
    const back = inA(member("added", "2025-03-11"), member("removed", first), member("added", second));
    expect(changes(brief, { scope: "A" })).toEqual(["03-12 records +0/1 -0/1, parents +0/1 -0/1"]);
    expect(changes(back, { scope: "A" })).toHaveLength(1);
  });
});

describe("decision 9: values", () => {
  it("takes any text as it is and nothing else", () => {
    const languages = [
      { id: "__proto__" },
      { id: " a" },
      { id: "A" },
      { id: "" },
      { id: null },
      { name: "x" },
      { id: "A" },
    ];
    const told = oracle({ records: [record("r", "2025-03-10T09:00:00", { metadata: { languages } })] });
    const [snapshot] = told.documents({
      query: "community-record-snapshot-added",
      scope: "global",
      from: "2025-03-10",
      to: "2025-03-10",
    });
    const items = Object.values(Object(fieldAt(snapshot, "subcounts", "languages")));
    expect(items.map((item) => [field(item, "id"), pair(field(item, "records"))])).toEqual([
      [" a", "0/1"],
      ["A", "0/1"],
      ["__proto__", "0/1"],
    ]);
  });

  it("names a funder by its id, else by its name", () => {
    const funding = [{ funder: { name: "Only Name" } }, { funder: { id: "f1", name: "With Id" } }];
    const told = oracle({ records: [record("r", "2025-03-10T09:00:00", { metadata: { funding } })] });
    expect(labelOn(told, "2025-03-10", ["funders", "Only Name"])).toBe("Only Name");
    expect(labelOn(told, "2025-03-10", ["funders", "f1"])).toBe("With Id");
  });
});

describe("decision 10: several lines of one event", () => {
  const at = "2025-03-10T10:00:00";
  it.each([
    ["the later one", view("r", "2025-03-10T10:00:09", { is_robot: true }), view("r", at)],
    [
      "the one written later",
      view("r", at, { is_robot: true, updated_timestamp: "2025-03-10T12:00:00" }),
      view("r", at),
    ],
    ["the greater text", view("r", at, { is_robot: true }), view("r", at, { is_robot: false })],
    ["the one that lacks a field", view("r", at, { country: "ZZ" }), view("r", at, { is_robot: true })],
  ])("%s wins, in any order", (_, first, second) => {
    expect(uses(oracle({ events: [first, second] }))).toEqual([]);
    expect(uses(oracle({ events: [second, first] }))).toEqual([]);
  });

  it("is two events in two slots", () => {
    expect(uses(oracle({ events: [view("r", at), view("r", "2025-03-10T10:00:10")] }))).toEqual(["03-10 2+0"]);
  });
});

describe("decisions 11 to 13 and 21: use", () => {
  it("counts unknown records in totals, countries and the types of downloads", () => {
    const told = oracle({
      events: [download("x", "2025-03-10T10:00:00", { country: "DE", file_key: "a.tar.GZ", community_ids: ["A"] })],
      memberships: [member("added", "2025-03-01", { record_id: "x" })],
    });
    expect(uses(told, "A")).toEqual(["03-10 0+1"]);
    expect(uses(told, "global", ["countries", "DE"])).toEqual(["03-10 0+1"]);
    expect(uses(told, "global", ["file_types", "gz"])).toEqual(["03-10 0+1"]);
  });

  it("looks up the communities of an event that recorded none, at its very instant", () => {
    const told = oracle({
      records: once,
      memberships: [member("added", "2025-03-11T10:00:00"), member("removed", "2025-03-12T10:00:00")],
      events: ["11T09:59:59.999999", "11T10:00:00", "12T09:59:59", "12T10:00:00"].map((time) =>
        view("r", `2025-03-${time}`),
      ),
    });
    expect(uses(told, "A")).toEqual(["03-11 1+0", "03-12 1+0"]);
  });

  it("believes a recorded list, even an empty one", () => {
    const told = oracle({
      records: [record("r", "2025-03-10T09:00:00", { communities: ["A"] })],
      events: [
        view("r", "2025-03-11T10:00:00", { community_ids: [] }),
        view("r", "2025-03-12T10:00:00", { community_ids: null }),
      ],
    });
    expect(uses(told, "A")).toEqual(["03-12 1+0"]);
  });

  it("counts use after a deletion where the event says so", () => {
    const told = oracle({
      records: [...once, record("r", "2025-03-12T00:00:00", { is_deleted: true })],
      memberships: [member("added", "2025-03-10T10:00:00")],
      events: [view("r", "2025-03-13T10:00:00", { community_ids: ["A"] }), view("r", "2025-03-14T10:00:00")],
    });
    expect(uses(told)).toEqual(["03-13 1+0", "03-14 1+0"]);
    expect(uses(told, "A")).toEqual(["03-13 1+0"]);
  });

  it("takes the values of the end of the event's day", () => {
    const told = openOracle(
      {
        records: [
          record("r", "2025-03-10T09:00:00", { metadata: { publisher: "old" } }),
          record("r", "2025-03-12T23:59:59", { metadata: { publisher: "new" } }),
        ],
        memberships: [],
        communities: [],
        events: ["01", "11", "12"].map((date) => view("r", `2025-03-${date}T08:00:00`)),
      },
      DEFAULT_CONFIG,
    );
    expect(uses(told, "global", ["publishers", "old"])).toEqual(["03-01 1+0", "03-11 1+0"]);
    expect(uses(told, "global", ["publishers", "new"])).toEqual(["03-12 1+0"]);
  });
});

function type(title: unknown): Fields {
  return { metadata: { resource_type: { id: "t", title } } };
}

describe("decisions 14 and 15: labels", () => {
  it("are those of the newest state that had begun by the end of the day, in any record", () => {
    const told = oracle({
      records: [
        record("r", "2025-03-10T09:00:00", type({ en: "old" })),
        record("s", "2025-03-10T09:00:00", type({ en: "old too" })),
        record("r", "2025-03-12T09:00:00", type({ en: "new" })),
        record("s", "2025-03-13T09:00:00", type("no title")),
      ],
    });
    expect(["10", "11", "12", "13"].map((date) => labelOn(told, `2025-03-${date}`, ["resource_types", "t"]))).toEqual([
      { en: "old too" },
      { en: "old too" },
      { en: "new" },
      { en: "new" },
    ]);
  });

  it("stand in by the id where an object is expected", () => {
    const told = oracle({ records: [record("r", "2025-03-10T09:00:00", type({}))] });
    expect(labelOn(told, "2025-03-10", ["resource_types", "t"])).toEqual({ en: "t" });
  });
});

describe("decisions 16, 17 and 19: edits", () => {
  it("flips the class without adding an uploader", () => {
    const told = edit({ files: file("a.pdf", 10) }, { files: file("a.pdf", 10) });
    const flipped = edit({ files: file("a.pdf", 10) }, {});
    expect(changes(told)).toHaveLength(1);
    expect(changes(flipped)[1]).toBe("03-12 records +0/1 -1/0, parents +0/1 -1/0, files +0:0 -1:10");
    const [delta] = flipped.documents({
      query: "community-record-delta-added",
      scope: "global",
      from: "2025-03-12",
      to: "2025-03-12",
    });
    expect(field(delta, "uploaders")).toBe(0);
  });

  it("books a value that came and went within a day on both sides", () => {
    const told = oracle({
      records: ["a", "b", "a"].map((publisher, index) =>
        record("r", `2025-03-1${index === 0 ? 0 : 2}T0${index + 1}:00:00`, { metadata: { publisher } }),
      ),
    });
    expect(changes(told, { item: ["publishers", "b"] })).toEqual(["03-12 records +0/1 -0/1, parents +0/1 -0/1"]);
    expect(changes(told, { item: ["publishers", "a"] })).toHaveLength(1);
  });

  it("takes the owner at the end of the day", () => {
    const told = edit({ owner: "u1" }, { owner: null }, "2025-03-10T10:00:00");
    const [delta] = told.documents({
      query: "community-record-delta-added",
      scope: "global",
      from: "2025-03-10",
      to: "2025-03-10",
    });
    expect(field(delta, "uploaders")).toBe(0);
  });

  it("counts a work while any version of the class is there", () => {
    const versions = ["r", "s"].map((id) => record(id, "2025-03-10T09:00:00", { parent: "p" }));
    const told = oracle({
      records: [...versions, record("r", "2025-03-12T00:00:00", { parent: "p", is_deleted: true })],
    });
    expect(changes(told)).toEqual(["03-10 records +0/2 -0/0, parents +0/1 -0/0", "03-12 records +0/0 -0/1"]);
  });
});
