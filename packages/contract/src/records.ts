import type { Label } from "./documents.ts";
import type { ColumnsAnswer, Freshness } from "./series.ts";

/** What a list of records counts: each version for itself, or all versions of a work together. */
export const RECORD_UNITS = ["parent", "record"] as const;
export type RecordUnit = (typeof RECORD_UNITS)[number];

/** Metrics of single records whose numbers may be added over days and records. */
export const ADDITIVE_USE = ["views", "downloads", "dataVolume"] as const;
/**
 * Visitors of single records: distinct within a day, summed over days. They cannot be added over records, nor over the two halves of a
 * day on which the communities of a record changed: there they are null.
 */
export const VISITOR_USE = ["viewVisitors", "downloadVisitors", "visitors"] as const;
export type AdditiveUse = (typeof ADDITIVE_USE)[number];
export type VisitorUse = (typeof VISITOR_USE)[number];

export type AdditiveNumbers = Readonly<Record<AdditiveUse, number>>;
export type RecordNumbers = AdditiveNumbers & Readonly<Record<VisitorUse, number | null>>;

/**
 * public: its landing page is open to everybody. restricted: named only among the records of a restricted community that the caller may
 * read. deleted: its number stays, its title does not.
 */
export type ListedState = "public" | "restricted" | "deleted";

/** A record, or a work by its newest version that may be named, and its use in the range. */
export interface ListedRecord {
  /** From 1; equal numbers are ranked by id. Records that may not be named take no rank. */
  readonly rank: number;
  /** PID of the version; where all versions count together, of the newest one that may be named. */
  readonly record: string;
  readonly parent: string;
  readonly state: ListedState;
  /** Null for deleted records, and where the metadata say nothing. */
  readonly title: string | null;
  readonly resourceType: { readonly id: string; readonly label: Label } | null;
  /** Name of the first creator. */
  readonly author: string | null;
  /** Of publication. */
  readonly year: number | null;
  /** Day of publication, of an imprecise date its first day; absent where none is known. */
  readonly published?: string;
  /** Without "https://doi.org/"; absent where the metadata name none. */
  readonly doi?: string;
  readonly metrics: RecordNumbers;
}

/** Answer of the queries `most-viewed-records` and `most-downloaded-records`. */
export interface RecordListAnswer extends Freshness {
  readonly scope: string;
  readonly metric: "views" | "downloads";
  readonly per: RecordUnit;
  readonly from: string;
  readonly to: string;
  readonly offset: number;
  readonly limit: number;
  readonly records: readonly ListedRecord[];
  /** Whether more records follow. */
  readonly more: boolean;
  /** Records (or works) with a number other than zero in the metric, also those that may not be named. */
  readonly count: number;
  /** All use of the scope in the range: the sums of the daily usage totals. */
  readonly totals: AdditiveNumbers;
  /** `totals` less what is listed: other pages, other records, and records that may not be named. */
  readonly other: AdditiveNumbers;
  /** The use is generated demonstration data. */
  readonly generated: boolean;
}

/** What a record is, beside its use. */
export type RecordDescription = Omit<ListedRecord, "rank" | "metrics">;

/**
 * Answer of the query `record-usage`: `breakdown` is "versions", the series are the total (all versions of the work) and one value (this
 * version). Metrics are those of the lists: visitors are null where they cannot be known.
 */
export interface RecordUsageAnswer extends ColumnsAnswer {
  readonly record: RecordDescription;
}
