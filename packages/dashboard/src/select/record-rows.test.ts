import type { ListedRecord, RecordListAnswer } from "@community-stats/contract/records.ts";
import { expect, it } from "vitest";
import { recordRows } from "./record-rows.ts";

const metrics = { dataVolume: 0, viewVisitors: 0, downloadVisitors: 0, visitors: 0 };
const record = (name: string, views: number): ListedRecord => ({
  rank: 1,
  record: name,
  parent: name,
  state: "public",
  title: name,
  resourceType: null,
  author: null,
  year: null,
  metrics: { ...metrics, views, downloads: 0 },
});

function answer(records: readonly ListedRecord[], views: number): RecordListAnswer {
  return {
    scope: "global",
    metric: "views",
    per: "parent",
    from: "2026-01-01",
    to: "2026-01-31",
    offset: 0,
    limit: 10,
    records,
    more: false,
    count: records.length,
    totals: { views, downloads: 0, dataVolume: 0 },
    other: { views: 0, downloads: 0, dataVolume: 0 },
    generated: false,
    asOf: "2026-01-31",
    ruleVersion: "1",
    firstDay: "2020-01-01",
    updatedAt: null,
    missingDays: [],
    incompleteDays: [],
  };
}

it("measures bars by the largest and shares by all use, listed or not", () => {
  const rows = recordRows(answer([record("a", 40), record("b", 10)], 200));
  expect(rows.map(({ value, share, size }) => [value, share, size])).toEqual([
    [40, 0.2, 1],
    [10, 0.05, 0.25],
  ]);
});

it("leaves out records without use, and survives an answer without any", () => {
  expect(recordRows(answer([record("a", 0)], 0))).toEqual([]);
});
