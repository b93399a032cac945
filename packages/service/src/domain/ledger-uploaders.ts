import { grownInt32 } from "./int-arrays.ts";
import type { Bookings } from "./ledger-bookings.ts";
import { NO_FILES } from "./ledger-files.ts";
import { FOREVER, type Activity } from "./ledger-activity.ts";
import { IntColumn } from "./columns.ts";
import { ADD_UPLOADER, GAIN_UPLOADER, LOSE_UPLOADER } from "./record-codes.ts";
import type { RecordHistory } from "./record-history.ts";

/**
 * Books the uploaders of the totals (T6, T9.1 decision 19): on each day the distinct owners of added records, by their last active state
 * of the day; and the owners who have an active record at the end of the day but had none at its start, or the other way round.
 */
export class UploaderBooking {
  readonly #history: RecordHistory;
  readonly #bookings: Bookings;
  /** Active records by owner at the end of the day before. */
  readonly #active: Int32Array;
  readonly #change: Int32Array;
  readonly #seen: Uint8Array;
  readonly #additions = new OwnerDays();
  readonly #changes = new OwnerDays();

  constructor(history: RecordHistory, bookings: Bookings) {
    const owners = history.states.owner.reduce((most, owner) => Math.max(most, owner + 1), 0);
    this.#history = history;
    this.#bookings = bookings;
    this.#active = new Int32Array(owners);
    this.#change = new Int32Array(owners);
    this.#seen = new Uint8Array(owners);
  }

  book(activity: Activity): void {
    this.#additions.clear();
    this.#changes.clear();
    for (let from = 0, to = 0; from < activity.count; from = to) {
      to = endOfStay(activity, from);
      this.#collectAddition(activity, from, to);
      for (let at = from, next = from; at < to; at = next) {
        next = this.#endOfOwner(activity, at, to);
        this.#collectChange(activity, at, next - 1);
      }
    }
    this.#bookAdditions(activity.days.length);
    this.#bookChanges(activity.days.length);
  }

  /** A record that was not there at the start of the day, with the owner of its last state of that day. */
  #collectAddition({ first, state }: Activity, from: number, to: number): void {
    const day = first[from] ?? 0;
    let last = from;
    while (last + 1 < to && first[last + 1] === day) last++;
    const owner = this.#history.states.owner[state[last] ?? 0] ?? -1;
    if (owner >= 0) this.#additions.push(day, owner, 1);
  }

  /** End of the stretches, from the given one on, that have its owner. */
  #endOfOwner({ state }: Activity, from: number, to: number): number {
    const { owner } = this.#history.states;
    const here = owner[state[from] ?? 0];
    let next = from + 1;
    while (next < to && owner[state[next] ?? 0] === here) next++;
    return next;
  }

  /** A state stands at the end of every day from its first to the one before its last; so do the states of an owner one after the other. */
  #collectChange({ first, last, state }: Activity, from: number, to: number): void {
    const owner = this.#history.states.owner[state[from] ?? 0] ?? -1;
    if (owner < 0 || first[from] === last[to]) return;
    this.#changes.push(first[from] ?? 0, owner, 1);
    if (last[to] !== FOREVER) this.#changes.push(last[to] ?? 0, owner, -1);
  }

  #bookAdditions(days: number): void {
    const { start, owners } = this.#additions.inOrder(days);
    for (let day = 0; day < days; day++) {
      const from = start[day] ?? 0;
      const to = start[day + 1] ?? 0;
      for (let at = from; at < to; at++) {
        const owner = owners[at] ?? 0;
        if (this.#seen[owner] === 1) continue;
        this.#seen[owner] = 1;
        this.#bookings.add(day, 0, ADD_UPLOADER, NO_FILES);
      }
      for (let at = from; at < to; at++) this.#seen[owners[at] ?? 0] = 0;
    }
  }

  #bookChanges(days: number): void {
    const { start, owners, changes } = this.#changes.inOrder(days);
    for (let day = 0; day < days; day++) {
      const from = start[day] ?? 0;
      const to = start[day + 1] ?? 0;
      for (let at = from; at < to; at++) {
        const owner = owners[at] ?? 0;
        this.#change[owner] = (this.#change[owner] ?? 0) + (changes[at] ?? 0);
        this.#seen[owner] = 1;
      }
      for (let at = from; at < to; at++) if (this.#seen[owners[at] ?? 0] === 1) this.#bookChange(day, owners[at] ?? 0);
    }
    this.#active.fill(0);
  }

  #bookChange(day: number, owner: number): void {
    const before = this.#active[owner] ?? 0;
    const after = before + (this.#change[owner] ?? 0);
    if (before === 0 && after > 0) this.#bookings.add(day, 0, GAIN_UPLOADER, NO_FILES);
    if (before > 0 && after === 0) this.#bookings.add(day, 0, LOSE_UPLOADER, NO_FILES);
    this.#active[owner] = after;
    this.#change[owner] = 0;
    this.#seen[owner] = 0;
  }
}

/** End of the stretches of one record, from the given one on, that follow each other without a day between them. */
function endOfStay({ record, first, last, count }: Activity, from: number): number {
  let to = from + 1;
  while (to < count && record[to] === record[from] && (first[to] ?? 0) <= (last[to - 1] ?? 0)) to++;
  return to;
}

/** (day, owner, change) in any order, read day by day. */
class OwnerDays {
  readonly #day = new IntColumn();
  readonly #owner = new IntColumn();
  readonly #change = new IntColumn();
  #start = new Int32Array(0);
  #owners = new Int32Array(0);
  #changes = new Int32Array(0);

  clear(): void {
    this.#day.length = 0;
    this.#owner.length = 0;
    this.#change.length = 0;
  }

  push(day: number, owner: number, change: number): void {
    this.#day.push(day);
    this.#owner.push(owner);
    this.#change.push(change);
  }

  /** Owners and changes ascending by day, and the start offsets of the days; valid until the next call. */
  inOrder(days: number): OwnersByDay {
    const count = this.#day.length;
    this.#start = grownInt32(this.#start, days + 2);
    this.#owners = grownInt32(this.#owners, count);
    this.#changes = grownInt32(this.#changes, count);
    // While the sort goes on, the next free place of a day is kept one further.
    const start = this.#start.fill(0, 0, days + 2);
    for (let at = 0; at < count; at++) {
      const next = (this.#day.array[at] ?? 0) + 2;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let at = 2; at <= days; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0);
    for (let at = 0; at < count; at++) {
      const next = (this.#day.array[at] ?? 0) + 1;
      const position = start[next] ?? 0;
      start[next] = position + 1;
      this.#owners[position] = this.#owner.array[at] ?? 0;
      this.#changes[position] = this.#change.array[at] ?? 0;
    }
    return { start, owners: this.#owners, changes: this.#changes };
  }
}

interface OwnersByDay {
  readonly start: Int32Array;
  readonly owners: Int32Array;
  readonly changes: Int32Array;
}
