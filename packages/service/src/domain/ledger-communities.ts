import type { RecordHistory } from "./record-history.ts";

/** Memberships of one community: runs of `history.memberships`, one run per record, ascending by record. */
export interface CommunityRuns {
  /** Start offsets by community code. */
  readonly start: Int32Array;
  readonly record: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Sorts the membership intervals of all records by community. */
export function communityRuns(history: RecordHistory): CommunityRuns {
  const start = new Int32Array(history.communities.length + 1);
  eachRun(history, (community) => (start[community + 1] = (start[community + 1] ?? 0) + 1));
  for (let at = 1; at < start.length; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
  const next = start.slice();
  const total = start[history.communities.length] ?? 0;
  const runs = { start, record: new Int32Array(total), from: new Int32Array(total), to: new Int32Array(total) };
  eachRun(history, (community, run) => {
    const at = next[community] ?? 0;
    next[community] = at + 1;
    runs.record[at] = run.record;
    runs.from[at] = run.from;
    runs.to[at] = run.to;
  });
  return runs;
}

/** Every membership of a record in a community: neighbouring intervals `from`..`to`. */
export function eachRun(
  { records, memberships }: RecordHistory,
  visit: (community: number, run: { record: number; from: number; to: number }) => void,
): void {
  for (let record = 0; record < records.count; record++) {
    const end = records.firstMembership[record + 1] ?? 0;
    for (let from = records.firstMembership[record] ?? 0, to = from; from < end; from = to) {
      const community = memberships.community[from] ?? 0;
      while (to < end && memberships.community[to] === community) to++;
      visit(community, { record, from, to });
    }
  }
}
