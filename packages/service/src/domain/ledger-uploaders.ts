import type { Bookings } from "./ledger-bookings.ts";
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
  readonly #touched = new IntColumn();
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
      for (let at = from; at < to; at++) this.#collectChange(activity, at);
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

  /** A state stands at the end of every day from its first to the one before its last. */
  #collectChange({ first, last, state }: Activity, at: number): void {
    const owner = this.#history.states.owner[state[at] ?? 0] ?? -1;
    if (owner < 0 || first[at] === last[at]) return;
    this.#changes.push(first[at] ?? 0, owner, 1);
    if (last[at] !== FOREVER) this.#changes.push(last[at] ?? 0, owner, -1);
  }

  #bookAdditions(days: number): void {
    this.#additions.eachDay(days, (day, owners) => {
      for (const owner of owners) {
        if (this.#seen[owner] === 1) continue;
        this.#seen[owner] = 1;
        this.#bookings.add(day, 0, ADD_UPLOADER, 0, 0);
      }
      for (const owner of owners) this.#seen[owner] = 0;
    });
  }

  #bookChanges(days: number): void {
    this.#changes.eachDay(days, (day, owners, changes) => {
      this.#touched.length = 0;
      owners.forEach((owner, index) => {
        if (this.#seen[owner] !== 1) this.#touched.push(owner);
        this.#seen[owner] = 1;
        this.#change[owner] = (this.#change[owner] ?? 0) + (changes[index] ?? 0);
      });
      for (let index = 0; index < this.#touched.length; index++) this.#bookChange(day, this.#touched.array[index] ?? 0);
    });
    this.#active.fill(0);
  }

  #bookChange(day: number, owner: number): void {
    const before = this.#active[owner] ?? 0;
    const after = before + (this.#change[owner] ?? 0);
    if (before === 0 && after > 0) this.#bookings.add(day, 0, GAIN_UPLOADER, 0, 0);
    if (before > 0 && after === 0) this.#bookings.add(day, 0, LOSE_UPLOADER, 0, 0);
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

  eachDay(days: number, visit: (day: number, owners: Int32Array, changes: Int32Array) => void): void {
    const start = new Int32Array(days + 1);
    const count = this.#day.length;
    for (let at = 0; at < count; at++) {
      const next = (this.#day.array[at] ?? 0) + 1;
      start[next] = (start[next] ?? 0) + 1;
    }
    for (let day = 0; day < days; day++) start[day + 1] = (start[day + 1] ?? 0) + (start[day] ?? 0);
    const next = start.slice();
    const owners = new Int32Array(count);
    const changes = new Int32Array(count);
    for (let at = 0; at < count; at++) {
      const day = this.#day.array[at] ?? 0;
      const position = next[day] ?? 0;
      next[day] = position + 1;
      owners[position] = this.#owner.array[at] ?? 0;
      changes[position] = this.#change.array[at] ?? 0;
    }
    for (let day = 0; day < days; day++) {
      const [from, to] = [start[day] ?? 0, start[day + 1] ?? 0];
      if (from < to) visit(day, owners.subarray(from, to), changes.subarray(from, to));
    }
  }
}
