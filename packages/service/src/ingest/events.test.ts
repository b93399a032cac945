import { parseInstant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { packPresence } from "../engine/event-rank.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import { DOWNLOAD, type EventBatch, HUMAN, MACHINE, ROBOT, VIEW } from "../engine/facts.ts";
import type { JsonObject } from "./document.ts";
import { EventColumns } from "./event-columns.ts";
import { EventReader } from "./events.ts";

const view = {
  event: "record-view",
  timestamp: "2026-03-02T10:15:42",
  updated_timestamp: "2026-03-02T10:25:03.512345+00:00",
  recid: "abcde-12345",
  parent_recid: "fghij-67890",
  referrer: "https://user:pass@Example.org/search?q=secret",
  via_api: false,
  is_robot: false,
  is_machine: false,
  country: "CH",
  visitor_id: "bdfacdc1",
  unique_session_id: "bdfacdc1",
  unique_id: "ui_abcde-12345",
};
const download = {
  ...view,
  event: "file-download",
  bucket_id: "b1",
  file_id: "f1",
  file_key: "archive.tar.GZ",
  size: 76122,
  unique_id: "b1_f1",
};

function read(...lines: readonly JsonObject[]): EventBatch {
  const columns = new EventColumns(0);
  const reader = new EventReader(columns);
  for (const line of lines) expect(reader.read(line)).toBeNull();
  return columns.batch();
}

/** The events of a batch as plain objects, codes resolved. */
function plainly(batch: EventBatch): readonly Record<string, unknown>[] {
  const text = (kind: keyof EventBatch["dictionaries"], at: number): string | null => {
    const code = batch[kind][at] ?? NO_TERM;
    return code === NO_TERM ? null : (batch.dictionaries[kind][code] ?? "?");
  };
  return Array.from({ length: batch.count }, (_, at) => ({
    kind: batch.kind[at],
    instant: batch.instant[at],
    updated: batch.updated[at],
    reader: batch.reader[at],
    viaApi: batch.viaApi[at],
    record: text("record", at),
    parent: text("parent", at),
    country: text("country", at),
    referrer: text("referrer", at),
    fileType: text("fileType", at),
    communitySet: text("communitySet", at),
    bytes: batch.bytes[at],
    generated: batch.generated[at],
  }));
}

const one = (line: JsonObject): Record<string, unknown> => plainly(read(line))[0] ?? {};
const id = (line: JsonObject): string => read(line).id.join();

it("understands a view", () => {
  expect(one(view)).toEqual({
    kind: VIEW,
    instant: parseInstant("2026-03-02T10:15:42Z"),
    updated: parseInstant("2026-03-02T10:25:03.512345Z"),
    reader: HUMAN,
    viaApi: 0,
    record: "abcde-12345",
    parent: "fghij-67890",
    country: "CH",
    referrer: "example.org",
    fileType: null,
    communitySet: null,
    bytes: 0,
    generated: 0,
  });
});

it("understands a download", () => {
  expect(one(download)).toMatchObject({ kind: DOWNLOAD, fileType: "gz", bytes: 76122 });
});

it("keeps neither path nor query nor secret of the referrer, and no visitor in clear", () => {
  const kept = JSON.stringify(read(download).dictionaries);
  expect(kept).not.toMatch(/secret|user|pass|bdfacdc1/);
});

describe("different shapes of one thing", () => {
  it.each<[name: string, line: JsonObject, expected: JsonObject]>([
    ["view by its index", dump("lab-events-stats-record-view-2026-03", view), { kind: VIEW }],
    ["download by its index", dump("events-stats-file-download-2026-03", download), { kind: DOWNLOAD }],
    ["daily index of old clusters", dump("x-events-stats-file-download-2022-03-01", download), { kind: DOWNLOAD }],
    ["versioned index", dump("my-site-events-stats-record-view-2026-03-v2.0.0", view), { kind: VIEW }],
    ["robot", { ...view, is_robot: true, is_machine: true }, { reader: ROBOT }],
    ["machine", { ...view, is_machine: true }, { reader: MACHINE }],
    ["flags left out", { ...view, is_robot: undefined, is_machine: null }, { reader: HUMAN }],
    ["by the API", { ...download, via_api: true }, { viaApi: 1 }],
    ["no country", { ...view, country: null }, { country: null }],
    ["empty country", { ...view, country: "" }, { country: null }],
    ["country as given", { ...view, country: "xx" }, { country: "xx" }],
    ["no referrer", { ...view, referrer: null }, { referrer: null }],
    ["no parent", { ...view, parent_recid: undefined }, { parent: null }],
    ["numeric record", { ...view, recid: 22390 }, { record: "22390" }],
    ["no size", { ...download, size: null }, { bytes: 0 }],
    ["a size on a view is none", { ...view, size: 5 }, { bytes: 0 }],
    ["a name without dot", { ...download, file_key: "README" }, { fileType: null }],
    ["a name that ends with a dot", { ...download, file_key: "README." }, { fileType: null }],
    ["no name", { ...download, file_key: undefined }, { fileType: null }],
    ["communities", { ...view, community_ids: ["B", "A", "global"] }, { communitySet: '["B","A"]' }],
    ["no community", { ...view, community_ids: [] }, { communitySet: "[]" }],
    ["communities not recorded", { ...view, community_ids: null }, { communitySet: null }],
    ["one community without list", { ...view, community_ids: "A" }, { communitySet: '["A"]' }],
    ["no updated_timestamp", { ...view, updated_timestamp: undefined }, { updated: Number.NaN }],
    ["zone and fraction", { ...view, timestamp: "2026-03-02T11:15:42.5+01:00" }, { instant: 1_772_446_542_500 }],
    ["generated", { ...view, synthetic: true }, { generated: 1 }],
    [
      "names that every object has",
      { ...view, recid: "__proto__", country: "constructor" },
      { record: "__proto__", country: "constructor" },
    ],
  ])("%s", (_, line, expected) => {
    expect(one(line)).toMatchObject(expected);
  });
});

describe("what is no event", () => {
  it.each<[name: string, line: JsonObject, reason: string]>([
    ["unknown kind", { ...view, event: "search" }, 'neither "event" nor "_index" says record-view or file-download'],
    ["no timestamp", { ...view, timestamp: undefined }, "timestamp is no time"],
    ["timestamp as number", { ...view, timestamp: 1_772_446_542 }, "timestamp is no time"],
    ["a day that does not exist", { ...view, timestamp: "2026-02-29T10:15:42" }, "timestamp is no time"],
    ["updated is no time", { ...view, updated_timestamp: "now" }, "updated_timestamp is no time"],
    ["no record", { ...view, recid: null }, "no recid"],
    ["no visitor", { ...view, visitor_id: undefined }, "no visitor_id"],
    ["empty visitor", { ...view, visitor_id: "" }, "no visitor_id"],
    ["a download without any id", { ...download, unique_id: null, file_id: null }, "neither unique_id nor file_id"],
    ["size as text", { ...download, size: "12" }, "size is no number of bytes"],
    ["negative size", { ...download, size: -1 }, "size is no number of bytes"],
    ["communities as objects", { ...view, community_ids: [{}] }, "community_ids is no list of ids"],
    ["robot as text", { ...view, is_robot: "true" }, "is_robot is neither true nor false"],
  ])("%s", (_, line, reason) => {
    const columns = new EventColumns(0);
    expect(new EventReader(columns).read(line)).toBe(reason);
    expect(columns.count).toBe(0);
  });
});

describe("identity", () => {
  it("is the same within ten seconds of the clock, whatever else the line says", () => {
    expect(id({ ...view, timestamp: "2026-03-02T10:15:40", country: null })).toBe(id(view));
    expect(id({ ...view, timestamp: "2026-03-02T10:15:49.999999" })).toBe(id(view));
    expect(id(dump("events-stats-record-view-2026-03", view))).toBe(id(view));
  });

  it.each<[name: string, change: JsonObject]>([
    ["the next slot", { timestamp: "2026-03-02T10:15:50" }],
    ["the slot before", { timestamp: "2026-03-02T10:15:39" }],
    ["another visitor", { visitor_id: "bdfacdc2" }],
    ["another item", { unique_id: "ui_abcde-12346" }],
    ["another kind", { event: "file-download" }],
    ["visitor and item exchanged", { visitor_id: "ui_abcde-12345", unique_id: "bdfacdc1" }],
  ])("differs for %s", (_, change) => {
    expect(id({ ...view, ...change })).not.toBe(id(view));
  });

  it.each<[name: string, given: JsonObject, missing: JsonObject]>([
    ["a view", view, { ...view, unique_id: undefined }],
    [
      "a view by the API",
      { ...view, via_api: true, unique_id: "api_abcde-12345" },
      { ...view, via_api: true, unique_id: null },
    ],
    ["a download", download, { ...download, unique_id: undefined }],
  ])("is built as InvenioRDM builds it for %s without unique_id", (_, given, missing) => {
    expect(id(missing)).toBe(id(given));
  });
});

it("tells absent from null for the rank of lines", () => {
  const line = { ...view, country: null, community_ids: undefined };
  expect(read(line).presence[0]).toBe(packPresence(line));
});

function pair(words: Uint32Array, at: number): string {
  return words.subarray(2 * at, 2 * at + 2).join();
}

it("gives one visitor one number in views and downloads, and one file one number", () => {
  const { visitor, file } = read(view, download, { ...download, visitor_id: "other" });
  expect(pair(visitor, 0)).toBe(pair(visitor, 1));
  expect(pair(visitor, 0)).not.toBe(pair(visitor, 2));
  expect(pair(file, 0)).toBe("0,0");
  expect(pair(file, 1)).toBe(pair(file, 2));
});

describe("columns", () => {
  it("join batches with dictionaries of their own", () => {
    const first = read(view, download);
    const second = read({ ...download, recid: "zzzzz-00000", country: "DE" }, view, download);
    const joined = new EventColumns(4);
    joined.append(first, 0, 2);
    joined.append(second, 0, 1);
    joined.append(second, 2, 3);
    expect(plainly(joined.batch())).toEqual([...plainly(first), ...plainly(second).filter((_, at) => at !== 1)]);
    expect(joined.batch().id).toEqual(
      Uint32Array.from([...first.id, ...second.id.subarray(0, 4), ...second.id.subarray(8)]),
    );
  });
});

function dump(index: string, source: JsonObject): JsonObject {
  return { _index: index, _id: "2026-03-02T10:15:40-0", _source: { ...source, event: undefined } };
}
