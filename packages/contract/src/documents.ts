/** The daily documents, in the shapes of the original's indices. All numbers are integers. */

export interface ByClass {
  readonly metadata_only: number;
  readonly with_files: number;
}
export interface FileTotals {
  readonly file_count: number;
  readonly data_volume: number;
}
export interface Change<T> {
  readonly added: T;
  readonly removed: T;
}
/** A text, or one text per language. */
export type Label = string | Readonly<Record<string, string>>;

export interface RecordDeltaItem {
  readonly id: string;
  readonly label: Label;
  readonly records: Change<ByClass>;
  readonly parents: Change<ByClass>;
  readonly files: Change<FileTotals>;
}
export interface RecordDelta {
  readonly community_id: string;
  /** "2025-03-10T00:00:00" */
  readonly period_start: string;
  /** "2025-03-10T23:59:59" */
  readonly period_end: string;
  readonly timestamp?: string;
  readonly updated_timestamp?: string;
  readonly records: Change<ByClass>;
  readonly parents: Change<ByClass>;
  readonly files: Change<FileTotals>;
  readonly uploaders: number;
  readonly subcounts: Readonly<Record<string, readonly RecordDeltaItem[]>>;
}

export interface RecordSnapshotItem {
  readonly id: string;
  readonly label: Label;
  readonly records: ByClass;
  readonly parents: ByClass;
  readonly files: FileTotals;
}
export interface RecordSnapshot {
  readonly community_id: string;
  readonly snapshot_date: string;
  readonly timestamp?: string;
  readonly updated_timestamp?: string;
  readonly total_records: ByClass;
  readonly total_parents: ByClass;
  readonly total_files: FileTotals;
  readonly total_uploaders: number;
  readonly subcounts: Readonly<Record<string, readonly RecordSnapshotItem[]>>;
}

export interface ViewNumbers {
  readonly total_events: number;
  readonly unique_visitors: number;
  readonly unique_records: number;
  readonly unique_parents: number;
}
export interface DownloadNumbers extends ViewNumbers {
  readonly unique_files: number;
  readonly total_volume: number;
}
export interface UsageNumbers {
  readonly view: ViewNumbers;
  readonly download: DownloadNumbers;
}
export interface UsageItem extends UsageNumbers {
  readonly id: string;
  readonly label: Label;
}
export interface UsageDelta {
  readonly community_id: string;
  readonly period_start: string;
  readonly period_end: string;
  readonly timestamp?: string;
  readonly totals: UsageNumbers;
  readonly subcounts: Readonly<Record<string, readonly UsageItem[]>>;
}
export interface TopUsageItems {
  readonly by_view: readonly UsageItem[];
  readonly by_download: readonly UsageItem[];
}
export interface UsageSnapshot {
  readonly community_id: string;
  readonly snapshot_date: string;
  readonly timestamp?: string;
  readonly updated_timestamp?: string;
  readonly totals: UsageNumbers;
  readonly subcounts: Readonly<Record<string, readonly UsageItem[] | TopUsageItems>>;
}

export type StatsDocument = RecordDelta | RecordSnapshot | UsageDelta | UsageSnapshot;
