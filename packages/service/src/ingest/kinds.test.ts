import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./document.ts";
import { isAccessLog, kindOf } from "./kinds.ts";
import { documentsIn } from "./whole-document.ts";

describe("by the name of the index", () => {
  it.each([
    ["lab-events-stats-record-view-2026-11", "events"],
    ["events-stats-file-download-2026-11-23", "events"],
    ["events-stats-file-download-2026-11-v2.0.0", "events"],
    ["lab-stats-record-view-2026-11", "daily statistics"],
    ["lab-stats-bookmarks", "bookmarks"],
    ["stats-community-events-2025", "memberships"],
    ["stats-community-usage-delta-2025", "daily statistics"],
    ["stats-community-records-snapshot-added-2025", "daily statistics"],
    ["lab-rdmrecords-records-record-v7.0.0-1795461450", "records"],
    ["lab-communities-communities-v2.0.0-1795461450", "communities"],
    ["lab-communitymembers-members-member-v1.0.0-1", "community members"],
    ["lab-requests-request-v1.0.0-1795461450", "requests"],
  ])("%s holds %s", (_index, kind) => {
    expect(kindOf({ _index, _id: "x", _source: {} })).toBe(kind);
  });
});

describe("by the fields", () => {
  it.each([
    ["membership", { record_id: "r", community_id: "A", event_type: "added" }, "memberships"],
    ["event", { event: "record-view", recid: "r", timestamp: "t", visitor_id: "v" }, "events"],
    ["event without visitor", { event: "record-view", recid: "r" }, "events"],
    [
      "unprocessed event",
      { event: "record-view", recid: "r", timestamp: "t", ip_address: "203.0.113.7" },
      "raw-events",
    ],
    ["unprocessed event of a guest without agent", { recid: "r", timestamp: "t", user_agent: "" }, "raw-events"],
    ["record", { id: "r", parent: {}, metadata: {} }, "records"],
    ["deleted record", { id: "r", parent: { id: "p" }, tombstone: {} }, "records"],
    ["community", { id: "c", slug: "physics", metadata: { title: "Physics" }, parent: { id: "p" } }, "communities"],
    ["daily document", { community_id: "A", period_start: "2025-01-01" }, "daily statistics"],
    ["number of an aggregate", { unique_id: "ui_r", count: 1, unique_count: 1 }, "daily statistics"],
    ["nothing known", { hello: "world" }, null],
    ["no object", 17, null],
  ])("%s", (_, value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});

it("knows lines of access logs", () => {
  expect(isAccessLog('203.0.113.0 - - [21/May/2021:03:20:31 -0300] "GET / HTTP/1.1" 200 5 "-" "curl"')).toBe(true);
  expect(isAccessLog('{"event":"record-view"}')).toBe(false);
});

it.each([
  ["rdmrecords.json", "records"],
  ["communities.json", "communities"],
  ["events-record-view.json", "events"],
  ["events-file-download.json", "events"],
  ["stats-record-view.json", "daily statistics"],
  ["stats-file-download.json", "daily statistics"],
  ["requests.json", "requests"],
  ["communitymembers.json", "community members"],
])("real documents of %s are %s", (file, kind) => {
  const value = parseJson(readFileSync(new URL(`../../../../fixtures/invenio/${file}`, import.meta.url), "utf8"));
  const documents = Array.isArray(value) ? Array.from(documentsIn(value)) : Object.values(Object(value));
  expect(new Set(documents.map(kindOf))).toEqual(new Set([kind]));
});

it("never throws", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => [...documentsIn(value)].map(kindOf)).not.toThrow();
    }),
  );
});
