import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { RECORD_UNITS } from "@community-stats/contract/records.ts";
import { BASES } from "@community-stats/contract/metrics.ts";
import type { QueryForm } from "@community-stats/contract/queries.ts";
import { z } from "zod";

/** The shapes of answers, for the description of the API; a test holds real answers against them. */

const count = z.number().int();
const day = z.iso.date();
const nullableDay = day.nullable();
const label = z.union([z.string(), z.record(z.string(), z.string())]);
const byClass = z.strictObject({ metadata_only: count, with_files: count });
const files = z.strictObject({ file_count: count, data_volume: count });
const change = <T extends z.ZodType>(of: T) => z.strictObject({ added: of, removed: of });
const views = { total_events: count, unique_visitors: count, unique_records: count, unique_parents: count };
const usage = {
  view: z.strictObject(views),
  download: z.strictObject({ ...views, unique_files: count, total_volume: count }),
};
const named = { id: z.string(), label };
const moments = { timestamp: z.string().optional(), updated_timestamp: z.string().optional() };
const period = { community_id: z.string(), period_start: z.string(), period_end: z.string(), ...moments };
const snapshotDay = { community_id: z.string(), snapshot_date: z.string(), ...moments };
const lists = <T extends z.ZodType>(of: T) => z.record(z.string(), of);
const deltaCounts = { records: change(byClass), parents: change(byClass), files: change(files) };
const snapshotCounts = { records: byClass, parents: byClass, files };
const usageItem = z.strictObject({ ...named, ...usage });

const recordDelta = z.strictObject({
  ...period,
  ...deltaCounts,
  uploaders: count,
  subcounts: lists(z.array(z.strictObject({ ...named, ...deltaCounts }))),
});
const recordSnapshot = z.strictObject({
  ...snapshotDay,
  total_records: byClass,
  total_parents: byClass,
  total_files: files,
  total_uploaders: count,
  subcounts: lists(z.array(z.strictObject({ ...named, ...snapshotCounts }))),
});
const usageDelta = z.strictObject({ ...period, totals: z.strictObject(usage), subcounts: lists(z.array(usageItem)) });
const topLists = z.strictObject({ by_view: z.array(usageItem), by_download: z.array(usageItem) });
const usageSnapshot = z.strictObject({
  ...snapshotDay,
  totals: z.strictObject(usage),
  subcounts: lists(z.union([z.array(usageItem), topLists])),
});
const document = z.union([recordDelta, recordSnapshot, usageDelta, usageSnapshot]).meta({ id: "StatsDocument" });

const series = z
  .strictObject({
    id: z.string(),
    name: label,
    data: z.array(z.tuple([z.string(), count])),
    type: z.enum(["bar", "line"]),
    valueType: z.enum(["number", "filesize"]),
    year: count.optional(),
  })
  .meta({ id: "Series", description: 'Points are dated "MM-DD" where the series has a year, else "YYYY-MM-DD".' });

const freshness = {
  asOf: nullableDay,
  ruleVersion: z.string(),
  firstDay: nullableDay,
  updatedAt: z.string().nullable(),
  missingDays: z.array(day),
  incompleteDays: z.array(day),
};
const numbers = z.record(z.string(), count.nullable());
const columns = z
  .looseObject({
    scope: z.string(),
    side: z.enum(["records", "usage"]),
    kind: z.enum(["delta", "snapshot"]),
    basis: z.enum(BASES),
    granularity: z.enum(GRANULARITIES),
    from: z.string(),
    to: z.string(),
    breakdown: z.string().nullable(),
    periods: z.array(
      z.strictObject({ from: day, to: day, state: z.enum(["complete", "cut", "open", "partial", "missing"]) }),
    ),
    series: z.array(
      z.looseObject({
        kind: z.enum(["total", "value", "other", "notStated"]),
        id: z.string(),
        label,
        metrics: z.record(z.string(), z.array(count.nullable())),
        totals: numbers,
      }),
    ),
    valueCount: count,
    generated: z.boolean(),
    ...freshness,
  })
  .meta({
    id: "Columns",
    description: "Answer to shape=columns and shape=totals: one date axis, one array per series.",
  });

const recordList = z
  .looseObject({
    scope: z.string(),
    metric: z.enum(["views", "downloads"]),
    per: z.enum(RECORD_UNITS),
    records: z.array(z.looseObject({ rank: count, record: z.string(), parent: z.string(), metrics: numbers })),
    more: z.boolean(),
    count,
    totals: numbers,
    other: numbers,
    generated: z.boolean(),
    ...freshness,
  })
  .meta({ id: "RecordList" });

/** An answer without a shape of columns, by the form of its query. */
export const RESPONSES: Readonly<Record<QueryForm, z.ZodType>> = {
  documents: z.array(document),
  composite: z.record(z.string(), z.array(document)),
  series: z.array(series),
  category: z.record(z.string(), z.record(z.string(), z.array(series))),
  records: recordList,
  "record-usage": columns,
};
/** An answer in columns: one, or one per breakdown. */
export const COLUMNS_RESPONSE: z.ZodType = z.union([columns, z.record(z.string(), columns)]);

export const PROBLEM: z.ZodType = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: count,
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    entry: z.string().optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457. Codes are stable; docs/errors.md lists them." });
