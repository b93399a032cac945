import type { Label } from "./documents.ts";
import type { Basis, Kind, Side } from "./metrics.ts";

/** One point of the wire: "MM-DD" when the series carries `year`, else "YYYY-MM-DD". */
export type Point = readonly [date: string, value: number];

/** A series of the category and series queries on the wire. */
export interface WireSeries {
  readonly id: string;
  readonly name: Label;
  readonly data: readonly Point[];
  readonly type: "bar" | "line";
  readonly valueType: "number" | "filesize";
  readonly year?: number;
}

/** subcount (camelCase) → metric (camelCase) → series. */
export type CategoryResult = Readonly<Record<string, Readonly<Record<string, readonly WireSeries[]>>>>;

/** Splits numbers of records by whether they have files. Not one of the configured breakdowns: it is always there. */
export const FILE_PRESENCE = "file_presence";

export const GRANULARITIES = ["day", "week", "month", "quarter", "year"] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** First day of the weeks of an axis: Monday as in ISO 8601, or as a region has it. */
export const WEEK_STARTS = ["monday", "saturday", "sunday"] as const;
export type WeekStart = (typeof WEEK_STARTS)[number];

/** One period of the date axis. Weeks start on the day that the service is told, by default on Monday. */
export interface Period {
  /** First and last day of the whole period, also where the range cuts it: 2026-11-16 … 2026-11-22. */
  readonly from: string;
  readonly to: string;
  /**
   * complete: every day of the period is counted and inside the range. cut: the range or the first day of the scope cuts it.
   * open: it reaches past the last complete day. partial: some of its days are missing. missing: all of them are.
   */
  readonly state: "complete" | "cut" | "open" | "partial" | "missing";
}

/** A request for the columns shape: exactly what one widget draws. */
export interface ColumnsRequest {
  readonly scope: string;
  readonly side: Side;
  readonly kind: Kind;
  readonly basis: Basis;
  readonly from: string;
  readonly to: string;
  readonly granularity: Granularity;
  /** camelCase names of contract/metrics.ts. */
  readonly metrics: readonly string[];
  /** snake_case name, or null for the totals. */
  readonly breakdown: string | null;
  /** Only these values, in this order; otherwise the first `top` by the first metric. */
  readonly values?: readonly string[];
  readonly top?: number;
  /** totals: one number per series for the whole range and no axis. */
  readonly shape?: "series" | "totals";
}

/** One series: a total, one value, the values that are not shown, or what states no value. */
export interface ColumnSeries {
  readonly kind: "total" | "value" | "other" | "notStated";
  /** Id of the value; "" for the other kinds. */
  readonly id: string;
  readonly label: Label;
  /** metric → one number per period; null where nothing is known. Distinct counts are sums of days. */
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  /** metric → the number of the whole range (delta: sum of the known days; snapshot: at its last known day); null if none is known. */
  readonly totals: Readonly<Record<string, number | null>>;
  /** kind other: how many values are folded. */
  readonly values?: number;
}

/** State of knowledge behind an answer. */
export interface Freshness {
  /** Last complete day, or null before the first run. */
  readonly asOf: string | null;
  /** Hash of everything that can change a number. */
  readonly ruleVersion: string;
  /** First day that exists for the scope and side, or null if none does. */
  readonly firstDay: string | null;
  /** When the numbers were last counted, ISO 8601. */
  readonly updatedAt: string | null;
  /** Days of the requested range that exist but are not counted or not complete. At most 1,000 are listed. */
  readonly missingDays: readonly string[];
  readonly incompleteDays: readonly string[];
  /** True where the use is generated demonstration data. */
  readonly generated?: boolean;
}

export interface ColumnsAnswer extends Freshness {
  readonly scope: string;
  readonly side: Side;
  readonly kind: Kind;
  readonly basis: Basis;
  readonly granularity: Granularity;
  readonly from: string;
  readonly to: string;
  readonly breakdown: string | null;
  readonly periods: readonly Period[];
  readonly series: readonly ColumnSeries[];
  /** Numbers of values with any activity in the range. */
  readonly valueCount: number;
  /** The use is generated demonstration data. */
  readonly generated: boolean;
}
