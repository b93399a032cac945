import type { RecordCounter, UsageCounter } from "./counters.ts";

/** Which date places a record in time. */
export const BASES = ["added", "created", "published"] as const;
export type Basis = (typeof BASES)[number];

/** What a series is made of: the holdings or their use; the change of each day or the running total. */
export type Side = "records" | "usage";
export type Kind = "delta" | "snapshot";
export type Unit = "records" | "works" | "files" | "bytes" | "events" | "visitors" | "people";

/**
 * One metric as read from stored counters: `plus` minus `minus`, summed over one day for a delta and over all days up to it for a snapshot.
 * `snapshotPlus` / `snapshotMinus` replace them where the running total follows other counters (uploaders).
 */
export interface Metric<Counter> {
  readonly name: string;
  readonly unit: Unit;
  readonly plus: readonly Counter[];
  readonly minus?: readonly Counter[];
  readonly snapshotPlus?: readonly Counter[];
  readonly snapshotMinus?: readonly Counter[];
  /** Only in totals, not in the values of a breakdown. */
  readonly totalsOnly?: true;
  /** Distinct within each day; over a longer period it is the sum of the days, not the distinct number of the period. */
  readonly distinctPerDay?: true;
  /** Told by the category queries, as by the original's; the others are offered by our own queries only. */
  readonly wire: boolean;
}

export const RECORD_METRICS = [
  {
    name: "records",
    unit: "records",
    plus: ["recordsAddedMetadataOnly", "recordsAddedWithFiles"],
    minus: ["recordsRemovedMetadataOnly", "recordsRemovedWithFiles"],
    wire: true,
  },
  { name: "fileCount", unit: "files", plus: ["filesAdded"], minus: ["filesRemoved"], wire: true },
  { name: "dataVolume", unit: "bytes", plus: ["bytesAdded"], minus: ["bytesRemoved"], wire: true },
  {
    name: "parents",
    unit: "works",
    plus: ["parentsAddedMetadataOnly", "parentsAddedWithFiles"],
    minus: ["parentsRemovedMetadataOnly", "parentsRemovedWithFiles"],
    wire: true,
  },
  {
    name: "uploaders",
    unit: "people",
    plus: ["uploaders"],
    snapshotPlus: ["uploadersGained"],
    snapshotMinus: ["uploadersLost"],
    totalsOnly: true,
    distinctPerDay: true,
    wire: true,
  },
  { name: "works", unit: "works", plus: ["worksAdded"], minus: ["worksRemoved"], wire: false },
  { name: "recordsAdded", unit: "records", plus: ["recordsAddedMetadataOnly", "recordsAddedWithFiles"], wire: false },
  {
    name: "recordsRemoved",
    unit: "records",
    plus: ["recordsRemovedMetadataOnly", "recordsRemovedWithFiles"],
    wire: false,
  },
] as const satisfies readonly Metric<RecordCounter>[];

export const USAGE_METRICS = [
  { name: "dataVolume", unit: "bytes", plus: ["downloadBytes"], wire: true },
  { name: "downloadUniqueFiles", unit: "files", plus: ["downloadFiles"], distinctPerDay: true, wire: true },
  { name: "downloadUniqueParents", unit: "works", plus: ["downloadParents"], distinctPerDay: true, wire: true },
  { name: "downloadUniqueRecords", unit: "records", plus: ["downloadRecords"], distinctPerDay: true, wire: true },
  { name: "downloadVisitors", unit: "visitors", plus: ["downloadVisitors"], distinctPerDay: true, wire: true },
  { name: "downloads", unit: "events", plus: ["downloadEvents"], wire: true },
  { name: "viewUniqueParents", unit: "works", plus: ["viewParents"], distinctPerDay: true, wire: true },
  { name: "viewUniqueRecords", unit: "records", plus: ["viewRecords"], distinctPerDay: true, wire: true },
  { name: "viewVisitors", unit: "visitors", plus: ["viewVisitors"], distinctPerDay: true, wire: true },
  { name: "views", unit: "events", plus: ["viewEvents"], wire: true },
  { name: "visitors", unit: "visitors", plus: ["visitors"], distinctPerDay: true, wire: false },
] as const satisfies readonly Metric<UsageCounter>[];

export function metricsOf(side: Side): readonly Metric<RecordCounter | UsageCounter>[] {
  return side === "records" ? RECORD_METRICS : USAGE_METRICS;
}

export function metricNamed(side: Side, name: string): Metric<RecordCounter | UsageCounter> | undefined {
  return metricsOf(side).find((metric) => metric.name === name);
}
