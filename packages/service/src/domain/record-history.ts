import type { DayNumber, Instant } from "@community-stats/contract/days.ts";
import { MS_PER_DAY } from "@community-stats/contract/days.ts";

/**
 * What happened to every record, as columns on shared memory: worker threads get it without a copy.
 * Records are numbered by `index` from 0 on; records of one work stand together. States of a record stand together, oldest first.
 * Lists of lists are kept as start offsets (one more than there are lists) into a column of elements.
 */
export interface RecordHistory {
  readonly records: RecordColumns;
  readonly states: StateColumns;
  readonly files: FileColumns;
  readonly deletions: IntervalColumns;
  readonly memberships: MembershipColumns;
  readonly values: readonly ValueColumn[];
  /** Ids by community code. */
  readonly communities: readonly string[];
}

export interface RecordColumns {
  readonly count: number;
  /** Index of a record by its code in the FactStore; -1 where the code is no known record. Codes past the end are none either. */
  readonly indexOfCode: Int32Array;
  /** Code in the FactStore (term kind "record"). */
  readonly code: Int32Array;
  /** Number of the work's group: ascending, so that the records of one work are neighbours. */
  readonly group: Int32Array;
  readonly created: Float64Array;
  /** First day of the publication date, or `NO_DAY`. */
  readonly published: Int32Array;
  /** Start offsets into `states`. */
  readonly firstState: Int32Array;
  /** Start offsets into `deletions`. */
  readonly firstDeletion: Int32Array;
  /** Start offsets into `memberships`. */
  readonly firstMembership: Int32Array;
}

export interface StateColumns {
  readonly count: number;
  /** `updated` of the line. A state holds until the next one's; the first one also holds for all time before. */
  readonly from: Float64Array;
  /** FactStore code of the parent. */
  readonly parent: Int32Array;
  /** FactStore code of the owner, or -1. */
  readonly owner: Int32Array;
  /** 1 where files are switched on (T3, class "with files"). */
  readonly withFiles: Uint8Array;
  /** Number of the file set: states of one record with the same files share it. */
  readonly fileSet: Int32Array;
}

/** Files by file set; `id` tells the files of one record apart by key, size and checksum (T9.1 decision 2), counted from 0. */
export interface FileColumns {
  readonly setStart: Int32Array;
  /** Sum of the bytes of the set. */
  readonly setBytes: Float64Array;
  readonly id: Int32Array;
  readonly bytes: Float64Array;
  /** Value code of the file's type in the breakdown that counts by file, or -1. */
  readonly type: Int32Array;
}

/** Half-open intervals of instants, ascending within a record. Infinity where it has no end yet. */
export interface IntervalColumns {
  readonly open: Float64Array;
  readonly close: Float64Array;
}

/**
 * Membership as its lines say, deletion not looked at (T9.1 decision 8): ascending by community, then instant, within a record.
 * An interval may be void (open = close): as the first of its community it still moves to the basis date (T2).
 */
export interface MembershipColumns extends IntervalColumns {
  /** Community code: FactStore codes first, then ids that only record facts name; the texts are `RecordHistory.communities`. */
  readonly community: Int32Array;
}

/** Values of one breakdown. Equal set numbers mean equal values; neighbouring states with equal values share their set. */
export interface ValueColumn {
  readonly breakdown: string;
  /** Most breakdowns read the same fields for both sides. */
  readonly side: "records" | "usage" | "both";
  readonly byFile: boolean;
  /** Code of the empty id: what a state without a value carries. */
  readonly notStated: number;
  /** By state. */
  readonly setOf: Int32Array;
  readonly setStart: Int32Array;
  /** Codes of RollupStore terms "value:<breakdown>", ascending within a set; a state without a value has the set of `notStated` alone. */
  readonly setValues: Int32Array;
  /** One more than the greatest code. */
  readonly codes: number;
}

export const NO_DAY = -0x8000_0000;
/** Half-open range of element positions. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Index of a record by its FactStore code, or -1 for an unknown record. */
export function recordAt(history: RecordHistory, code: number): number {
  return history.records.indexOfCode[code] ?? -1;
}

/** The state that holds in the last microsecond of the day. */
export function stateAtEndOfDay(history: RecordHistory, index: number, day: DayNumber): number {
  const { firstState } = history.records;
  const { from } = history.states;
  const first = firstState[index] ?? 0;
  const end = (day + 1) * MS_PER_DAY;
  let state = (firstState[index + 1] ?? 0) - 1;
  while (state > first && (from[state] ?? 0) >= end) state--;
  return state;
}

/** The column that a side of a breakdown reads, or undefined where that side has no values in records. */
export function valueColumn(
  history: RecordHistory,
  breakdown: string,
  side: "records" | "usage",
): ValueColumn | undefined {
  return history.values.find(
    (column) => column.breakdown === breakdown && (column.side === side || column.side === "both"),
  );
}

/**
 * Codes of the communities in which the record is active at the instant, ascending: open ≤ instant < close, and not deleted then.
 * For an event without a recorded set; after a deletion only a recorded set puts it into a community (T2, T9.1 decisions 12 and 21).
 */
export function communitiesAt(history: RecordHistory, index: number, instant: Instant): readonly number[] {
  const { firstMembership, firstDeletion } = history.records;
  const { community, open, close } = history.memberships;
  const start = firstMembership[index] ?? 0;
  const end = firstMembership[index + 1] ?? 0;
  if (start === end) return NONE;
  const deletions = { start: firstDeletion[index] ?? 0, end: firstDeletion[index + 1] ?? 0 };
  if (isInside(history.deletions, deletions, instant)) return NONE;
  const found: number[] = [];
  for (let at = start; at < end; at++)
    if ((open[at] ?? 0) <= instant && instant < (close[at] ?? 0)) found.push(community[at] ?? 0);
  return found;
}
const NONE: readonly number[] = [];

function isInside(intervals: IntervalColumns, span: Span, instant: number): boolean {
  for (let at = span.start; at < span.end; at++)
    if ((intervals.open[at] ?? 0) <= instant && instant < (intervals.close[at] ?? 0)) return true;
  return false;
}
