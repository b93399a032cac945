import { dayFromNumber, type Instant, parseInstant } from "@community-stats/contract/days.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RecordLine } from "../engine/facts.ts";
import { isObject, type JsonObject, parseJson } from "./document.ts";
import { recordLine } from "./records.ts";

const plain = {
  id: "abcde-12345",
  created: "2026-01-10T09:00:00.000000+00:00",
  updated: "2026-02-01T08:30:00.123456+00:00",
  is_published: true,
  is_draft: false,
  parent: { id: "fghij-67890", access: { owned_by: { user: "42" } }, communities: { ids: ["A", "B"] } },
  metadata: { title: "A data set", publication_date: "2026-01", resource_type: { id: "dataset" } },
  files: { enabled: true, entries: { "data.csv": { key: "data.csv", ext: "csv", size: 76122, checksum: "md5:0" } } },
};

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no time`);
  return instant;
}

function factOf(document: JsonObject): RecordLine {
  const result = recordLine(document);
  if (result.kind !== "fact") throw new Error(`no fact but ${JSON.stringify(result)}`);
  return result.fact;
}

it("understands a record of the REST API", () => {
  const { source, published, ...fact } = factOf(plain);
  expect(fact).toEqual({
    record: "abcde-12345",
    parent: "fghij-67890",
    created: parseInstant("2026-01-10T09:00:00Z"),
    updated: parseInstant("2026-02-01T08:30:00.123456Z"),
    deleted: false,
    removed: null,
    owner: "42",
    filesEnabled: true,
    files: [{ key: "data.csv", type: "csv", bytes: 76122, checksum: "md5:0" }],
    communities: ["A", "B"],
    generated: false,
  });
  expect(published === null ? null : dayFromNumber(published)).toBe("2026-01-01");
  expect(parseJson(source)).toMatchObject({ id: "abcde-12345", metadata: plain.metadata });
});

describe("different shapes of one thing", () => {
  it.each<[name: string, change: JsonObject, expected: Partial<RecordLine>]>([
    ["owner as number", { parent: { id: "p", access: { owned_by: { user: 2 } } } }, { owner: "2" }],
    ["owner in a list", { parent: { id: "p", access: { owned_by: [{ user: 7 }] } } }, { owner: "7" }],
    ["no owner", { parent: { id: "p" } }, { owner: null, communities: [] }],
    ["communities as {}", { parent: { id: "p", communities: {} } }, { communities: [] }],
    [
      "a community named twice",
      { parent: { id: "p", communities: { ids: ["A", "A", "global"] } } },
      { communities: ["A"] },
    ],
    ["no parent", { parent: undefined }, { parent: "abcde-12345" }],
    ["numeric id", { id: 22390 }, { record: "22390" }],
    ["no updated", { updated: null }, { updated: at("2026-01-10T09:00:00Z") }],
    [
      "files as list",
      { files: { enabled: true, entries: [{ key: "a.b", ext: "b", size: 1 }] } },
      { files: [{ key: "a.b", type: "b", bytes: 1, checksum: null }] },
    ],
    [
      "a file named by its place only",
      { files: { enabled: true, entries: { "x.y": {} } } },
      { files: [{ key: "x.y", type: null, bytes: null, checksum: null }] },
    ],
    ["restricted files", { files: { enabled: true } }, { filesEnabled: true, files: [] }],
    ["no files", { files: { enabled: false, entries: {} } }, { filesEnabled: false, files: [] }],
    ["nothing about files", { files: undefined }, { filesEnabled: false, files: [] }],
    [
      "tombstone",
      { tombstone: { removal_date: "2026-11-23T19:19:47.791836" } },
      { deleted: true, removed: parseInstant("2026-11-23T19:19:47.791836Z") },
    ],
    ["null tombstone", { tombstone: null }, { deleted: false, removed: null }],
    ["is_deleted", { is_deleted: true }, { deleted: true, removed: null }],
    ["deletion_status letter", { deletion_status: "D" }, { deleted: true }],
    ["deletion_status of a purge", { deletion_status: "X" }, { deleted: true }],
    ["deletion_status object", { deletion_status: { is_deleted: true, status: "D" } }, { deleted: true }],
    ["deletion_status of what is there", { deletion_status: { is_deleted: false, status: "P" } }, { deleted: false }],
    ["generated", { synthetic: true }, { generated: true }],
    ["publication date that is none", { metadata: { publication_date: "1999~" } }, { published: null }],
    ["publication date as number", { metadata: { publication_date: 1999 } }, { published: null }],
    ["lone surrogates", { id: "a\ud800" }, { record: "a\uFFFD" }],
    [
      "names that every object has",
      { id: "__proto__", parent: { id: "constructor" } },
      { record: "__proto__", parent: "constructor" },
    ],
  ])("%s", (_, change, expected) => {
    expect(factOf({ ...plain, ...change })).toMatchObject(expected);
  });
});

describe("what is no record", () => {
  it.each<[name: string, change: JsonObject, outcome: string]>([
    ["draft", { is_draft: true }, "skip: draft"],
    ["draft of a published record", { is_draft: true, is_published: true }, "skip: draft"],
    ["unpublished", { is_published: false }, "skip: draft"],
    ["no id", { id: undefined }, "reject: no id"],
    ["id that is an object", { id: {} }, "reject: no id"],
    ["endless id", { id: "x".repeat(100_000) }, "reject: no id"],
    ["created missing", { created: undefined }, "reject: created is no time"],
    ["created on no day", { created: "2026-02-30T00:00:00" }, "reject: created is no time"],
    ["updated is no time", { updated: "yesterday" }, "reject: updated is no time"],
    [
      "communities as text",
      { parent: { id: "p", communities: { ids: "A" } } },
      "reject: parent.communities.ids is no list of ids",
    ],
    [
      "communities as numbers and objects",
      { parent: { id: "p", communities: { ids: [{}] } } },
      "reject: parent.communities.ids is no list of ids",
    ],
    ["files as text", { files: { entries: "none" } }, "reject: files.entries is neither a list nor an object"],
    ["a file that is a text", { files: { entries: ["a.csv"] } }, "reject: a file is no object"],
    ["a file without name", { files: { entries: [{}] } }, "reject: a file without key"],
    [
      "negative size",
      { files: { entries: [{ key: "a", size: -1 }] } },
      "reject: the size of a file is no number of bytes",
    ],
    [
      "size as text",
      { files: { entries: [{ key: "a", size: "12" }] } },
      "reject: the size of a file is no number of bytes",
    ],
    ["too deep", { metadata: nested(200) }, "reject: nested too deep"],
  ])("%s", (_, change, outcome) => {
    const result = recordLine({ ...plain, ...change });
    expect(result.kind === "fact" ? "fact" : `${result.kind}: ${result.reason}`).toBe(outcome);
  });

  it("draft by its index", () => {
    const line = { _index: "lab-rdmrecords-drafts-draft-v6.0.0-1", _source: { ...plain, is_draft: undefined } };
    expect(recordLine(line)).toEqual({ kind: "skip", reason: "draft" });
  });
});

describe("what is kept of the line", () => {
  it("is the same for lines that differ only in what moves by itself", () => {
    const moved = {
      ...plain,
      revision_id: 12,
      links: { self: "https://example.org" },
      stats: { all_versions: { views: 1 } },
      versions: { is_latest: false, index: 1 },
      ui: { created_date_l10n_long: "10 January 2026" },
      parent: { ...plain.parent, links: {}, access: { ...plain.parent.access, links: [{ token: "secret" }] } },
    };
    expect(factOf(moved).source).toBe(factOf(plain).source);
  });

  it("has sorted keys and all metadata, also strangely named ones", () => {
    const line = parseJson(
      '{"id":"r","created":"2026-01-01","metadata":{"b":1,"__proto__":{"x":1},"a":[{"d":1,"c":2}]}}',
    );
    if (!isObject(line)) throw new Error("no object");
    expect(factOf(line).source).toBe(
      '{"created":"2026-01-01","id":"r","metadata":{"__proto__":{"x":1},"a":[{"c":2,"d":1}],"b":1}}',
    );
  });

  it("differs where one line says deleted", () => {
    expect(factOf({ ...plain, is_deleted: true }).source).not.toBe(factOf(plain).source);
  });

  it("names neither who deleted nor how files are stored", () => {
    const line = {
      ...plain,
      tombstone: { removal_date: "2026-01-11", removed_by: { user: "1" }, note: "private" },
      files: { enabled: true, entries: [{ key: "a", uuid: "u", links: { self: "s" }, metadata: { width: 3 } }] },
    };
    const { source } = factOf(line);
    expect(source).not.toMatch(/removed_by|private|uuid|links/);
    expect(source).toContain('"metadata":{"width":3}');
  });
});

it("warns about what is taken with a doubt", () => {
  const result = recordLine({ ...plain, parent: {}, is_deleted: true, metadata: {} });
  expect(result).toMatchObject({
    warnings: [
      "no publication date: not counted by publication",
      "no parent.id: counted as a work of its own",
      "deleted without tombstone.removal_date: as of updated",
    ],
  });
});

describe("documents of a real index", () => {
  const file = new URL("../../../../fixtures/invenio/rdmrecords.json", import.meta.url);
  const documents = parseJson(readFileSync(file, "utf8"));
  const factNamed = (name: string): RecordLine => {
    const document = isObject(documents) ? documents[name] : undefined;
    if (!isObject(document)) throw new Error(`no ${name}`);
    return factOf(document);
  };

  it("public with files, in two communities", () => {
    expect(factNamed("public-with-files-two-communities")).toMatchObject({
      record: "mv16e-yw697",
      parent: "s6v5j-nfr48",
      owner: "2",
      communities: ["2542a7ad-b109-452f-a51c-70d873977f54", "273fee5a-7590-4ed0-a244-fa07a43d9aa1"],
      files: [{ key: "file-000-0.csv", type: "csv", bytes: 283, checksum: "md5:8e0a5620b64e916e0ba681b77decab7f" }],
    });
  });

  it("deleted", () => {
    expect(factNamed("deleted")).toMatchObject({
      deleted: true,
      removed: parseInstant("2026-11-23T19:19:47.791836"),
      communities: ["2542a7ad-b109-452f-a51c-70d873977f54"],
    });
  });

  it("two versions of one work", () => {
    expect(factNamed("version-1-of-2").parent).toBe(factNamed("version-2-of-2").parent);
  });
});

function nested(depth: number): JsonObject {
  let value: JsonObject = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}
