import { stateAt, within, type Interval, type RecordHistory, type RecordState } from "./facts.ts";
import { dayOf, justBefore, startOf } from "./instants.ts";
import { valuesOf, type Subcount } from "./subcounts.ts";

export type Basis = "added" | "created" | "published";
export interface Holder {
  readonly scope: string;
  readonly basis: Basis;
}

/** One thing that is there: a record or parent in a class, or a file; in the totals or in one value of a subcount. */
export interface Presence {
  /** Tells it from all others of the day. */
  readonly key: string;
  /** Name of the subcount, "" for the totals. */
  readonly subcount: string;
  /** Value, "" for the totals and for what carries no value. */
  readonly value: string;
  /** A work is a parent whatever its class. */
  readonly what: "records" | "parents" | "works" | "files";
  readonly withFiles: boolean;
  readonly bytes: number;
}
export interface Change {
  readonly added: readonly Presence[];
  readonly removed: readonly Presence[];
}

/** T2: the membership switch with its first interval moved to the basis date; intervals that do not last are void. */
export function membership(record: RecordHistory, { scope, basis }: Holder): readonly Interval[] {
  const whole = scope === "global" ? [{ open: record.created, close: Infinity }] : record.memberships.get(scope);
  const [first, ...later] = whole ?? [];
  if (first === undefined || (basis === "published" && record.published === null)) return [];
  const moved = { added: first.open, created: record.created, published: record.published ?? 0 }[basis];
  return [{ open: moved, close: first.close }, ...later].filter(({ open, close }) => open < close);
}

/** T9.1 decision 8: two switches. */
export function isActive(record: RecordHistory, holder: Holder, instant: number): boolean {
  return within(membership(record, holder), instant) && !within(record.deletions, instant);
}

/** All instants at which something about the record can change. */
function changesOf(record: RecordHistory, holder: Holder): readonly number[] {
  const switches = [...membership(record, holder), ...record.deletions].flatMap(({ open, close }) => [open, close]);
  return [...switches, ...record.states.map((state) => state.begin)].toSorted((left, right) => left - right);
}

/** The day's first instant and all in it at which something changes: between them nothing does. */
function instantsOf(record: RecordHistory, holder: Holder, day: number): readonly number[] {
  const inside = changesOf(record, holder).filter((instant) => dayOf(instant) === day);
  return [startOf(day), ...inside];
}

/** What a record shows while it is in a state (T5, T7). */
export function presences(
  record: RecordHistory,
  state: RecordState,
  subcounts: readonly Subcount[],
): readonly Presence[] {
  const groups = [{ subcount: "", value: "", byFile: false }];
  for (const { name, records, byFile } of subcounts) {
    if (records === null) continue;
    const values = valuesOf(state, records.sources);
    if (values.size === 0) groups.push({ subcount: name, value: "", byFile: false });
    for (const value of values) groups.push({ subcount: name, value, byFile: byFile === true });
  }
  return groups.flatMap(({ subcount, value, byFile }) => {
    const files = byFile ? state.files.filter((file) => file.ext === value) : state.files;
    const here = { subcount, value, withFiles: state.withFiles, bytes: 0 };
    const key = (...parts: readonly unknown[]) => JSON.stringify([subcount, value, ...parts]);
    return [
      { ...here, what: "records" as const, key: key("record", state.withFiles, record.id) },
      { ...here, what: "parents" as const, key: key("parent", state.withFiles, state.parent) },
      { ...here, what: "works" as const, key: key("work", state.parent) },
      ...files.map((file) => ({
        ...here,
        what: "files" as const,
        bytes: file.size ?? 0,
        key: key("file", record.id, file.key, file.size, file.checksum),
      })),
    ];
  });
}

/** The records of the world as one scope and basis sees them; `shown` is `presences`, remembered by the caller. */
export interface Stock {
  readonly records: readonly RecordHistory[];
  readonly holder: Holder;
  readonly shown: (record: RecordHistory, state: RecordState) => readonly Presence[];
}

/** What is there just before the instant: S of the day that begins then, E of the day that ends. */
export function thereBefore(stock: Stock, instant: number): ReadonlyMap<string, Presence> {
  return union(stock, () => [justBefore(instant)]);
}

/** T3, T4, T5 and T9.1 decision 17 at once: S, E and M are sets, and the rest is set difference. */
export function changeOn(stock: Stock, day: number): Change {
  const start = thereBefore(stock, startOf(day));
  const end = thereBefore(stock, startOf(day + 1));
  const during = union(stock, (record) => instantsOf(record, stock.holder, day));
  const ever = new Map([...start, ...during]);
  return { added: outside(ever, start), removed: outside(ever, end) };
}

/** T6: distinct owners of the records added on the day, each by its last active state of the day (T9.1 decision 19). */
export function uploadersAdded({ records, holder }: Stock, day: number): number {
  const owners = records.map((record) => {
    if (isActive(record, holder, justBefore(startOf(day)))) return null;
    const ends = [...changesOf(record, holder), startOf(day + 1)].map(justBefore);
    const last = ends.findLast((instant) => dayOf(instant) === day && isActive(record, holder, instant));
    return last === undefined ? null : stateAt(record, last).owner;
  });
  return new Set(owners.filter((owner) => owner !== null)).size;
}

/** T6: distinct owners of the records that are active at the end of the day. */
export function uploadersAt({ records, holder }: Stock, day: number): number {
  const end = justBefore(startOf(day + 1));
  const active = records.filter((record) => isActive(record, holder, end));
  return new Set(active.map((record) => stateAt(record, end).owner).filter((owner) => owner !== null)).size;
}

/** Days on which anything can change, ascending. */
export function daysOfChange({ records, holder }: Stock): readonly number[] {
  const days = records.flatMap((record) => changesOf(record, holder).filter(Number.isFinite).map(dayOf));
  return Array.from(new Set(days)).toSorted((left, right) => left - right);
}

/** The day of the first active instant; null if there never is one. */
export function firstActiveDay({ records, holder }: Stock): number | null {
  const first = records.flatMap((record) =>
    changesOf(record, holder).filter((instant) => isActive(record, holder, instant)),
  );
  return first.length === 0 ? null : dayOf(Math.min(...first));
}

function union(stock: Stock, instants: (record: RecordHistory) => readonly number[]): ReadonlyMap<string, Presence> {
  const there = new Map<string, Presence>();
  for (const record of stock.records) {
    const active = instants(record).filter((instant) => isActive(record, stock.holder, instant));
    for (const state of new Set(active.map((instant) => stateAt(record, instant)))) {
      for (const presence of stock.shown(record, state)) there.set(presence.key, presence);
    }
  }
  return there;
}

function outside(all: ReadonlyMap<string, Presence>, known: ReadonlyMap<string, Presence>): readonly Presence[] {
  return Array.from(all.values()).filter((presence) => !known.has(presence.key));
}
