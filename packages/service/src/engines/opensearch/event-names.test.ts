import { describe, expect, it } from "vitest";
import { EventNames } from "./event-names.ts";

const names = new EventNames("site-");

it.each([
  ["site-events-stats-record-view-2025-03", { type: "view", month: "2025-03", form: "plain", version: null }],
  ["site-events-stats-file-download-2023-07-31", { type: "download", month: "2023-07", form: "plain", version: null }],
  ["site-events-stats-record-view-2025-03-v2.0.0", { type: "view", month: "2025-03", form: "enriched", version: 0 }],
  ["site-events-stats-record-view-2025-03-v2.0.12", { type: "view", month: "2025-03", form: "enriched", version: 12 }],
  ["backup-site-events-stats-record-view-2025-03", { type: "view", month: "2025-03", form: "copy", version: null }],
  ["site-events-stats-record-view-2025-03-backup", { type: "view", month: "2025-03", form: "copy", version: null }],
])("knows what %s is", (name, expected) => {
  expect(names.parse(name)).toEqual(expected);
});

describe("what is not ours to touch", () => {
  it.each([
    ["another instance", "other-events-stats-record-view-2025-03"],
    ["an instance whose prefix begins alike", "site-two-events-stats-record-view-2025-03"],
    ["an instance without a prefix", "events-stats-record-view-2025-03"],
    ["a copy of another instance", "backup-other-events-stats-record-view-2025-03"],
    ["other statistics", "site-stats-record-view-2025-03"],
    ["a version of somebody else", "site-events-stats-record-view-2025-03-v3.1.0"],
    ["a name that goes on", "site-events-stats-record-view-2025-03-reindexed"],
  ])("%s", (_, name) => {
    expect(names.parse(name)).toBeNull();
  });
});
