import { grownFloat64, grownInt32 } from "./int-arrays.ts";
import type { UsageDims } from "./kernel-dims.ts";
import { UnknownTermError } from "./kernel-dims.ts";
import { NO_TERM } from "./kernel-events.ts";
import { type IntervalColumns, recordAt } from "./record-history.ts";

/**
 * Sets of communities in which events count, each with a number. Recorded sets come from the event; otherwise the membership at
 * the instant decides, which stays the same over a span of time that is remembered per record.
 */
export class ScopeSets {
  /** Scopes of set `n`: `scopes[starts[n]..starts[n + 1])`, the global one first. */
  starts = new Int32Array(16);
  scopes = new Int32Array(16);
  count = 0;
  /** One more than the greatest scope of any set. */
  scopeLimit = 0;
  readonly #dims: UsageDims;
  readonly #numbers = new Map<string, number>();
  /** Set + 1 by code of the recorded set; 0 while unknown. */
  readonly #recorded: Int32Array;
  #spanFrom = new Float64Array(0);
  #spanUntil = new Float64Array(0);
  #spanSet = new Int32Array(0);

  constructor(dims: UsageDims) {
    this.#dims = dims;
    this.#recorded = new Int32Array(Math.max(0, dims.setStart.length - 1));
  }

  /** The community scopes of a set, ascending, as the text under which stores know it. */
  text(set: number): string {
    return JSON.stringify([...this.scopes.subarray((this.starts[set] ?? 0) + 1, this.starts[set + 1])]);
  }

  /** @throws UnknownTermError for a recorded set that is newer than the dims. */
  ofEvent(recordedSet: number, record: number, instant: number): number {
    if (recordedSet !== NO_TERM) return this.#ofRecorded(recordedSet);
    if (record < this.#spanSet.length && instant >= (this.#spanFrom[record] ?? 0)) {
      if (instant < (this.#spanUntil[record] ?? 0)) return this.#spanSet[record] ?? 0;
    }
    return this.#ofMembership(record, instant);
  }

  #ofRecorded(code: number): number {
    const known = this.#recorded[code];
    if (known === undefined) throw new UnknownTermError("communitySet", code);
    if (known > 0) return known - 1;
    const { setStart, setScopes } = this.#dims;
    const set = this.#intern([...setScopes.subarray(setStart[code] ?? 0, setStart[code + 1] ?? 0)]);
    this.#recorded[code] = set + 1;
    return set;
  }

  #ofMembership(record: number, instant: number): number {
    const index = recordAt(this.#dims.history, record);
    const span = { from: -Infinity, until: Infinity };
    const scopes = index < 0 ? [] : this.#activeScopes(index, instant, span);
    const set = this.#intern([...new Set(scopes)].toSorted((a, b) => a - b));
    this.#remember(record, span, set);
    return set;
  }

  /** Narrows `span` to the time around the instant in which nothing changes. */
  #activeScopes(index: number, instant: number, span: MutableSpan): number[] {
    const { records, deletions, memberships } = this.#dims.history;
    let deleted = false;
    for (let at = records.firstDeletion[index] ?? 0; at < (records.firstDeletion[index + 1] ?? 0); at++) {
      if (covers(intervalAt(deletions, at), instant, span)) deleted = true;
    }
    const scopes: number[] = [];
    for (let at = records.firstMembership[index] ?? 0; at < (records.firstMembership[index + 1] ?? 0); at++) {
      if (!covers(intervalAt(memberships, at), instant, span)) continue;
      scopes.push(this.#dims.scopeOfCommunity[memberships.community[at] ?? 0] ?? 0);
    }
    return deleted ? [] : scopes;
  }

  #remember(record: number, span: MutableSpan, set: number): void {
    this.#spanFrom = grownFloat64(this.#spanFrom, record + 1);
    this.#spanUntil = grownFloat64(this.#spanUntil, record + 1);
    this.#spanSet = grownInt32(this.#spanSet, record + 1);
    this.#spanFrom[record] = span.from;
    this.#spanUntil[record] = span.until;
    this.#spanSet[record] = set;
  }

  #intern(scopes: readonly number[]): number {
    const key = scopes.join(",");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const set = this.count++;
    const start = this.starts[set] ?? 0;
    this.starts = grownInt32(this.starts, set + 2);
    this.scopes = grownInt32(this.scopes, start + scopes.length + 1);
    this.scopes[start] = this.#dims.globalScope;
    this.scopes.set(scopes, start + 1);
    this.starts[set + 1] = start + scopes.length + 1;
    this.scopeLimit = Math.max(this.scopeLimit, this.#dims.globalScope + 1, (scopes.at(-1) ?? -1) + 1);
    this.#numbers.set(key, set);
    return set;
  }
}

interface MutableSpan {
  from: number;
  until: number;
}

interface Interval {
  readonly open: number;
  readonly close: number;
}

function intervalAt(intervals: IntervalColumns, at: number): Interval {
  return { open: intervals.open[at] ?? 0, close: intervals.close[at] ?? 0 };
}

/** Whether open ≤ instant < close; a boundary of the interval that does not cover the instant bounds the span as well. */
function covers({ open, close }: Interval, instant: number, span: MutableSpan): boolean {
  for (const edge of [open, close]) {
    if (edge <= instant) span.from = Math.max(span.from, edge);
    else span.until = Math.min(span.until, edge);
  }
  return open <= instant && instant < close;
}
