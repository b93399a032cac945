import { parseInstant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./document.ts";
import { membershipFacts } from "./memberships.ts";

const plain = {
  record_id: "r1",
  community_id: "A",
  event_type: "added",
  event_date: "2025-03-10T09:00:00",
  record_created_date: "2025-03-10T09:00:00",
};
const membership = { record: "r1", community: "A", type: "added", at: parseInstant("2025-03-10T09:00:00Z") };
const deletion = { record: "r1", at: parseInstant("2025-04-01T00:00:00Z") };
const deleted = { is_deleted: true, deleted_date: "2025-04-01T00:00:00" };

describe("what a line tells", () => {
  it.each<[name: string, change: JsonObject, fact: object]>([
    ["added", {}, { membership, deletion: null }],
    ["removed", { event_type: "removed" }, { membership: { ...membership, type: "removed" }, deletion: null }],
    ["offset", { event_date: "2025-03-10T10:00:00+01:00" }, { membership, deletion: null }],
    ["deleted record", deleted, { membership, deletion }],
    ["restored record", { is_deleted: false, deleted_date: null }, { membership, deletion: null }],
    ["flag without date", { is_deleted: true }, { membership, deletion: null }],
    ["deletion told by the repository", { ...deleted, community_id: "global" }, { membership: null, deletion }],
    ["dump line", { _index: "lab-stats-community-events-2025", _source: plain }, { membership, deletion: null }],
  ])("%s", (_, change, fact) => {
    expect(membershipFacts({ ...plain, ...change })).toEqual({ kind: "fact", fact });
  });
});

it("says nothing new of the repository", () => {
  expect(membershipFacts({ ...plain, community_id: "global" }).kind).toBe("skip");
});

describe("what cannot be used", () => {
  it.each<[name: string, change: JsonObject, reason: string]>([
    ["no record", { record_id: null }, "no record_id"],
    ["no community", { community_id: "" }, "no community_id"],
    ["unknown type", { event_type: "add" }, "event_type is neither added nor removed"],
    ["no date", { event_date: null }, "event_date is no time"],
    ["a date that is none", { event_date: "2025-02-29" }, "event_date is no time"],
    ["a deletion on no day", { is_deleted: true, deleted_date: "soon" }, "deleted_date is no time"],
  ])("%s", (_, change, reason) => {
    expect(membershipFacts({ ...plain, ...change })).toEqual({ kind: "reject", reason });
  });
});
