import {
  ADD_PARENT,
  ADD_RECORD,
  ADD_WORK,
  REMOVE_PARENT,
  REMOVE_RECORD,
  REMOVE_WORK,
  type Bookings,
} from "./ledger-bookings.ts";
import { FOREVER, type Activity } from "./ledger-activity.ts";
import { FileCounter, type CountedColumn } from "./ledger-files.ts";
import { WorkBooking } from "./ledger-works.ts";
import type { RecordHistory } from "./record-history.ts";

const ADD_ALL = [ADD_RECORD[0] | ADD_PARENT[0] | ADD_WORK, ADD_RECORD[1] | ADD_PARENT[1] | ADD_WORK] as const;
const REMOVE_ALL = [
  REMOVE_RECORD[0] | REMOVE_PARENT[0] | REMOVE_WORK,
  REMOVE_RECORD[1] | REMOVE_PARENT[1] | REMOVE_WORK,
] as const;

/** One record that comes and perhaps goes, without a change in between. */
interface Stay {
  readonly state: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Books what an activity changes in the values of one column: records, parents, works and files (T3–T5, T7, T14).
 * The common work, one record that stays without a change, is booked at once; all others by `WorkBooking`.
 */
export class ValueBooking {
  readonly #context: StayContext;
  readonly #works: WorkBooking;

  constructor(history: RecordHistory, column: CountedColumn, bookings: Bookings) {
    this.#context = { history, column, bookings, files: new FileCounter(history.files) };
    this.#works = new WorkBooking(history, column, bookings);
  }

  book(activity: Activity): void {
    const { groupStart, groupCount, first, last, state } = activity;
    this.#works.begin(activity);
    for (let group = 0; group < groupCount; group++) {
      const from = groupStart[group] ?? 0;
      const to = groupStart[group + 1] ?? 0;
      if (to - from > 1 && !isOneStay(this.#context, activity, group)) this.#works.book(from, to);
      else bookStay(this.#context, { state: state[from] ?? 0, first: first[from] ?? 0, last: last[to - 1] ?? 0 });
    }
  }
}

interface StayContext {
  readonly history: RecordHistory;
  readonly column: CountedColumn;
  readonly bookings: Bookings;
  readonly files: FileCounter;
}

/** Whether the group is one record without a gap and without a change that this column can see. */
function isOneStay({ history, column }: StayContext, activity: Activity, group: number): boolean {
  const { record, state, first, last, groupStart } = activity;
  const { parent, withFiles, fileSet } = history.states;
  const from = groupStart[group] ?? 0;
  const to = groupStart[group + 1] ?? 0;
  const a = state[from] ?? 0;
  for (let at = from + 1; at < to; at++) {
    const b = state[at] ?? 0;
    if (record[at] !== record[from] || (first[at] ?? 0) > (last[at - 1] ?? 0)) return false;
    if (column.setOf[a] !== column.setOf[b] || withFiles[a] !== withFiles[b]) return false;
    if (fileSet[a] !== fileSet[b] || parent[a] !== parent[b]) return false;
  }
  return true;
}

function bookStay({ history, column, bookings, files }: StayContext, { state, first, last }: Stay): void {
  const { setOf, setStart, setValues } = column;
  const kind = history.states.withFiles[state] === 1 ? 1 : 0;
  const set = setOf[state] ?? 0;
  const end = setStart[set + 1] ?? 0;
  for (let at = setStart[set] ?? 0; at < end; at++) {
    const value = setValues[at] ?? 0;
    files.count(history.states.fileSet[state] ?? 0, column, value);
    bookings.raise(first, value, ADD_ALL[kind]);
    if (files.files > 0) bookings.alsoFiles(files.files, files.bytes);
    if (last === FOREVER) continue;
    bookings.raise(last, value, REMOVE_ALL[kind]);
    if (files.files > 0) bookings.alsoFiles(-files.files, -files.bytes);
  }
}
