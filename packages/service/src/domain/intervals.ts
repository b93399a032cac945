/** A half-open interval of instants (epoch milliseconds); `close` is Infinity where it has no end yet. */
export interface Interval {
  readonly open: number;
  readonly close: number;
}

export interface MembershipChange {
  readonly added: boolean;
  readonly at: number;
}

/**
 * Membership of one record in one community (T2): an addition opens if closed, a removal closes if open, anything else does nothing
 * (T9.1 decision 8). At one instant additions come first. Void intervals stay: the first one still moves to the basis date.
 */
export function foldMembership(changes: readonly MembershipChange[]): readonly Interval[] {
  const ordered = changes.toSorted((a, b) => a.at - b.at || Number(b.added) - Number(a.added));
  const intervals: Interval[] = [];
  let open: number | null = null;
  for (const { added, at } of ordered) {
    if (added) open ??= at;
    else if (open !== null) {
      intervals.push({ open, close: at });
      open = null;
    }
  }
  if (open !== null) intervals.push({ open, close: Infinity });
  return intervals;
}

/** One line about a record, as far as deletion goes. */
export interface LifeLine {
  readonly updated: number;
  readonly deleted: boolean;
  /** `tombstone.removal_date`, where the line has one. */
  readonly removed: number | null;
}

/**
 * When the record was deleted (T9.1 decision 6). Lines ascend by `updated`. A run of deleted lines is one deletion, from the removal date
 * of its first line (else that line's `updated`) to the next line that is not deleted; a deletion told by a membership line ends there too.
 * The result is ascending and disjoint.
 */
export function deletionIntervals(lines: readonly LifeLine[], toldAt: readonly number[]): readonly Interval[] {
  return unite([...deletedRuns(lines), ...toldAt.map((at) => ({ open: at, close: restoredAfter(lines, at) }))]);
}

function deletedRuns(lines: readonly LifeLine[]): readonly Interval[] {
  const runs: Interval[] = [];
  let open: number | null = null;
  for (const line of lines) {
    if (line.deleted) open ??= line.removed ?? line.updated;
    else if (open !== null) {
      runs.push({ open, close: line.updated });
      open = null;
    }
  }
  if (open !== null) runs.push({ open, close: Infinity });
  return runs;
}

function restoredAfter(lines: readonly LifeLine[], at: number): number {
  return lines.find((line) => !line.deleted && line.updated > at)?.updated ?? Infinity;
}

function unite(intervals: readonly Interval[]): readonly Interval[] {
  const ordered = intervals.filter(({ open, close }) => open < close).toSorted((a, b) => a.open - b.open);
  const united: Interval[] = [];
  for (const interval of ordered) {
    const last = united.at(-1);
    if (last === undefined || interval.open > last.close) united.push(interval);
    else if (interval.close > last.close) united[united.length - 1] = { open: last.open, close: interval.close };
  }
  return united;
}
