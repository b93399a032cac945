import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import type { Basis } from "@community-stats/contract/metrics.ts";
import { communityRuns, type CommunityRuns } from "./ledger-communities.ts";
import { shapeGroups, type GroupShapes, type Stretches } from "./ledger-shapes.ts";
import { stateChanges } from "./ledger-states.ts";
import { IntColumn } from "./columns.ts";
import { NO_DAY, type RecordHistory } from "./record-history.ts";

/** What was active in one scope and basis, and how its groups of works can be booked. */
export interface Activity extends Stretches, GroupShapes {}
export const FOREVER = 0x7fff_ffff;

const NONE = new Int32Array(0);
export const IDLE: Activity = {
  count: 0,
  record: NONE,
  state: NONE,
  first: NONE,
  last: NONE,
  change: NONE,
  days: NONE,
  groupCount: 0,
  groupStart: Int32Array.of(0),
  shape: new Uint8Array(0),
  stayStart: Int32Array.of(0),
  stayChange: NONE,
  groupStay: Int32Array.of(0),
  order: NONE,
};

/** Works out activities; its buffers are used again for the next one. */
export class ActivityReplay {
  readonly #history: RecordHistory;
  readonly #runs: CommunityRuns;
  readonly #changes: Int32Array;
  readonly #record = new IntColumn();
  readonly #state = new IntColumn();
  readonly #first = new IntColumn();
  readonly #last = new IntColumn();
  readonly #change = new IntColumn();

  constructor(history: RecordHistory) {
    this.#history = history;
    this.#runs = communityRuns(history);
    this.#changes = stateChanges(history);
  }

  /** Whole repository: one interval from the basis date on (T2). Its bases `added` and `created` are the same. */
  global(basis: Basis): Activity {
    this.#clear();
    for (let record = 0; record < this.#history.records.count; record++) {
      const open = this.#basisInstant(record, basis === "published" ? "published" : "created");
      if (open !== null) this.#addInterval(record, open, Infinity);
    }
    return this.#finish();
  }

  community(community: number, basis: Basis): Activity {
    this.#clear();
    const { memberships } = this.#history;
    const end = this.#runs.start[community + 1] ?? 0;
    for (let run = this.#runs.start[community] ?? 0; run < end; run++) {
      const record = this.#runs.record[run] ?? 0;
      const from = this.#runs.from[run] ?? 0;
      const to = this.#runs.to[run] ?? 0;
      const moved = basis === "added" ? (memberships.open[from] ?? 0) : this.#basisInstant(record, basis);
      if (moved === null) continue;
      for (let at = from; at < to; at++)
        this.#addInterval(record, at === from ? moved : (memberships.open[at] ?? 0), memberships.close[at] ?? 0);
    }
    return this.#finish();
  }

  /** Whether every record of the community joined it when it was created: then the bases `added` and `created` are the same. */
  isJoinedAtCreation(community: number): boolean {
    const { records, memberships } = this.#history;
    const { start, record, from } = this.#runs;
    const end = start[community + 1] ?? 0;
    for (let run = start[community] ?? 0; run < end; run++)
      if (memberships.open[from[run] ?? 0] !== records.created[record[run] ?? 0]) return false;
    return true;
  }

  #clear(): void {
    for (const column of [this.#record, this.#state, this.#first, this.#last, this.#change]) column.length = 0;
  }

  #basisInstant(record: number, basis: "created" | "published"): number | null {
    const { created, published } = this.#history.records;
    if (basis === "created") return created[record] ?? 0;
    const day = published[record] ?? NO_DAY;
    return day === NO_DAY ? null : day * MS_PER_DAY;
  }

  /** Leaves out the time in which the record was deleted. */
  #addInterval(record: number, open: number, close: number): void {
    const { records, deletions } = this.#history;
    const end = records.firstDeletion[record + 1] ?? 0;
    let cursor = open;
    for (let at = records.firstDeletion[record] ?? 0; at < end && cursor < close; at++) {
      const deleted = deletions.open[at] ?? 0;
      const restored = deletions.close[at] ?? 0;
      if (restored <= cursor) continue;
      if (deleted > cursor) this.#addStates(record, cursor, Math.min(deleted, close));
      cursor = restored;
    }
    if (cursor < close) this.#addStates(record, cursor, close);
  }

  /** Cuts an interval where the record's state changes visibly. */
  #addStates(record: number, open: number, close: number): void {
    const { firstState } = this.#history.records;
    const { from } = this.#history.states;
    const end = firstState[record + 1] ?? 0;
    let start = open;
    let change = 0;
    for (let state = firstState[record] ?? 0; state < end && start < close; state++) {
      if (start > open) change |= this.#changes[state] ?? 0;
      const next = state + 1 < end ? (from[state + 1] ?? 0) : Infinity;
      if (next <= start) continue;
      const stop = Math.min(next, close);
      const last = stop === Infinity ? FOREVER : Math.floor(stop / MS_PER_DAY);
      if (start > open && change === 0) this.#last.array[this.#last.length - 1] = last;
      else {
        this.#record.push(record);
        this.#state.push(state);
        this.#first.push(Math.floor(start / MS_PER_DAY));
        this.#last.push(last);
        this.#change.push(change);
      }
      change = 0;
      start = stop;
    }
  }

  #finish(): Activity {
    const count = this.#record.length;
    const first = this.#first.array.subarray(0, count);
    const last = this.#last.array.subarray(0, count);
    const days = numberDays(first, last);
    const stretches: Stretches = {
      count,
      record: this.#record.array.subarray(0, count),
      state: this.#state.array.subarray(0, count),
      first,
      last,
      change: this.#change.array.subarray(0, count),
      days,
    };
    return { ...stretches, ...shapeGroups(this.#history, stretches) };
  }
}

/** Replaces days by their positions among all days that occur, and gives these. */
function numberDays(first: Int32Array, last: Int32Array): Int32Array {
  let least = FOREVER;
  let greatest = -FOREVER;
  for (let at = 0; at < first.length; at++) {
    const end = last[at] ?? 0;
    least = Math.min(least, first[at] ?? 0);
    greatest = Math.max(greatest, first[at] ?? 0, end === FOREVER ? -FOREVER : end);
  }
  if (first.length === 0) return new Int32Array(0);
  const position = new Int32Array(greatest - least + 1);
  for (let at = 0; at < first.length; at++) {
    position[(first[at] ?? 0) - least] = 1;
    if (last[at] !== FOREVER) position[(last[at] ?? 0) - least] = 1;
  }
  const days = new IntColumn();
  for (let at = 0; at < position.length; at++) {
    if (position[at] === 0) continue;
    position[at] = days.length;
    days.push(at + least);
  }
  for (let at = 0; at < first.length; at++) {
    first[at] = position[(first[at] ?? 0) - least] ?? 0;
    if (last[at] !== FOREVER) last[at] = position[(last[at] ?? 0) - least] ?? 0;
  }
  return days.array.slice(0, days.length);
}
