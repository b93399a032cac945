import type { ListedRecord } from "@community-stats/contract/records.ts";
import { expect, it } from "vitest";
import { recordListAnswer } from "../../test/answers.ts";
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

const answer = (records: readonly ListedRecord[], views: number) =>
  recordListAnswer({ metric: "views", records, totals: { views, downloads: 0, dataVolume: 0 } });

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
