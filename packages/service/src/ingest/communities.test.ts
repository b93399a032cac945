import { parseInstant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import type { CommunityLine } from "../engine/facts.ts";
import { communityLine } from "./communities.ts";
import type { JsonObject } from "./document.ts";

const plain = {
  id: "1c9d",
  slug: "physics",
  created: "2025-05-01T10:00:00+00:00",
  updated: "2025-06-01T10:00:00+00:00",
  access: { visibility: "public" },
  metadata: { title: "Physics", description: "All of it" },
  deletion_status: { is_deleted: false, status: "P" },
  custom_fields: {},
};

it("understands a community of the REST API", () => {
  expect(communityLine(plain)).toEqual({
    kind: "fact",
    fact: {
      id: "1c9d",
      slug: "physics",
      title: "Physics",
      description: "All of it",
      created: parseInstant("2025-05-01T10:00:00Z"),
      updated: parseInstant("2025-06-01T10:00:00Z"),
      visibility: "public",
      deleted: false,
      dashboardEnabled: null,
      layout: null,
      parent: null,
    },
  });
});

describe("different shapes", () => {
  it.each<[name: string, change: JsonObject, expected: Partial<CommunityLine>]>([
    ["restricted", { access: { visibility: "restricted" } }, { visibility: "restricted" }],
    ["no slug", { slug: null }, { slug: "1c9d" }],
    ["no title", { metadata: {} }, { title: "physics", description: "" }],
    ["no times", { created: null, updated: null }, { created: null, updated: null }],
    ["opted in", { custom_fields: { "stats:dashboard_enabled": true } }, { dashboardEnabled: true }],
    ["opted out", { custom_fields: { "stats:dashboard_enabled": false } }, { dashboardEnabled: false }],
    ["a switch that is no switch", { custom_fields: { "stats:dashboard_enabled": "yes" } }, { dashboardEnabled: null }],
    ["layout", { custom_fields: { "stats:dashboard_layout": { b: 1, a: [] } } }, { layout: '{"a":[],"b":1}' }],
    ["layout as text", { custom_fields: { "stats:dashboard_layout": '{"a":1}' } }, { layout: '{"a":1}' }],
    ["subcommunity", { parent: { id: "top", slug: "science" } }, { parent: "top" }],
    ["deleted in the index", { deletion_status: "D" }, { deleted: true }],
    ["deleted in REST", { deletion_status: { is_deleted: true, status: "D" } }, { deleted: true }],
    [
      "dump line",
      { _index: "lab-communities-communities-v2.0.0-1", _source: { ...plain, id: "other" } },
      { id: "other" },
    ],
  ])("%s", (_, change, expected) => {
    expect(communityLine({ ...plain, ...change })).toMatchObject({ kind: "fact", fact: expected });
  });
});

describe("what is no community", () => {
  it.each<[name: string, change: JsonObject, reason: string]>([
    ["no id", { id: "" }, "no id"],
    ["the repository", { id: "global" }, '"global" is no id of a community'],
    ["nothing about its visibility", { access: {} }, "access.visibility is neither public nor restricted"],
    ["unknown visibility", { access: { visibility: "members" } }, "access.visibility is neither public nor restricted"],
    ["created is no time", { created: "long ago" }, "created is no time"],
    ["updated is no time", { updated: 17 }, "updated is no time"],
    ["layout is a number", { custom_fields: { "stats:dashboard_layout": 3 } }, "stats:dashboard_layout is no layout"],
  ])("%s", (_, change, reason) => {
    expect(communityLine({ ...plain, ...change })).toEqual({ kind: "reject", reason });
  });
});
