import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";

const COUNTED = {
  generated: false,
  asOf: "2026-11-21",
  ruleVersion: "1",
  firstDay: "2020-01-01",
  updatedAt: null,
  missingDays: [],
  incompleteDays: [],
};

/** Daily use of the repository in a week of 2026, but for what is said otherwise. */
export function columnsAnswer(part: Partial<ColumnsAnswer>): ColumnsAnswer {
  return {
    ...COUNTED,
    scope: "global",
    side: "usage",
    kind: "delta",
    basis: "added",
    granularity: "day",
    from: "2026-11-16",
    to: "2026-11-22",
    breakdown: null,
    periods: [],
    series: [],
    valueCount: 0,
    ...part,
  };
}

/** The repository's most used works of January 2026 and all use of that time. */
export function recordListAnswer(part: Pick<RecordListAnswer, "metric" | "records" | "totals">): RecordListAnswer {
  return {
    ...COUNTED,
    scope: "global",
    per: "parent",
    from: "2026-01-01",
    to: "2026-01-31",
    offset: 0,
    limit: 10,
    more: false,
    count: part.records.length,
    other: { views: 0, downloads: 0, dataVolume: 0 },
    ...part,
  };
}
