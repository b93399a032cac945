import type { DayNumber } from "@community-stats/contract/days.ts";
import type { EventDayInfo } from "../engine/facts.ts";
import type { CountedDay } from "../engine/rollup-store.ts";

export interface PlanInput {
  readonly eventDays: readonly EventDayInfo[];
  readonly counted: readonly CountedDay[];
  /** All counted days are known to be right up to this seq, whatever they were counted with. */
  readonly settledSeq: number;
  /** Days outside are left as they are. */
  readonly from: number;
  readonly to: number;
  readonly today: DayNumber;
  /** Count all days of the range again. */
  readonly recount: boolean;
}

export interface Plan {
  /** Ascending. */
  readonly dirty: readonly DayNumber[];
  /** Counted with the events as they are, but perhaps with older record facts. Ascending. */
  readonly suspects: readonly CountedDay[];
}

/**
 * Which days of use must be counted again (T12): those whose events changed since, those never counted, and today, which is
 * never complete. The others are suspects: record facts may be newer than what they were counted with.
 */
export function planDays(input: PlanInput): Plan {
  const versions = new Map(input.eventDays.map(({ day, version }) => [day, version]));
  const counted = new Map(input.counted.map((entry) => [entry.day, entry]));
  const days = [...new Set([...versions.keys(), ...counted.keys()])]
    .filter((day) => day >= input.from && day <= input.to)
    .toSorted((a, b) => a - b);
  const dirty = days.filter(
    (day) => input.recount || day === input.today || counted.get(day)?.eventVersion !== (versions.get(day) ?? 0),
  );
  const known = new Set(dirty);
  const suspects = days.flatMap((day) => (known.has(day) ? [] : (counted.get(day) ?? [])));
  return { dirty, suspects: suspects.map((entry) => settled(entry, input.settledSeq)) };
}

function settled(entry: CountedDay, settledSeq: number): CountedDay {
  return { ...entry, recordSeq: Math.max(entry.recordSeq, settledSeq) };
}

/** Something about a record that may change how its use is counted, on days from `from` on (-Infinity: on any day). */
export interface RecordChange {
  readonly record: string;
  readonly from: number;
  readonly seq: number;
}

/** Whether any of a record's changes is newer than what the day was counted with, and reaches the day. */
export function isTouched(day: CountedDay, changes: readonly RecordChange[]): boolean {
  return changes.some(({ from, seq }) => seq > day.recordSeq && from <= day.day);
}

/** Oldest seq that a suspect was counted with: only later facts matter. Infinity without suspects. */
export function oldestSeq(suspects: readonly CountedDay[]): number {
  return suspects.reduce((least, { recordSeq }) => Math.min(least, recordSeq), Infinity);
}

/** Days in portions of at most `size`, in order. */
export function portions(days: readonly DayNumber[], size: number): DayNumber[][] {
  const found: DayNumber[][] = [];
  for (let at = 0; at < days.length; at += size) found.push(days.slice(at, at + size));
  return found;
}

/**
 * Days that are written together: cut at whole multiples of `size`, so that a store which keeps so many days in a row writes it
 * once. A piece is joined to the next while it has less than half of them.
 */
export function writtenTogether(days: readonly DayNumber[], size: number): DayNumber[][] {
  const found: DayNumber[][] = [];
  let piece: DayNumber[] = [];
  let last = Number.NaN;
  for (const day of days.toSorted((a, b) => a - b)) {
    const multiple = Math.floor(day / size);
    if (multiple !== last && 2 * piece.length >= size) {
      found.push(piece);
      piece = [];
    }
    piece.push(day);
    last = multiple;
  }
  return piece.length === 0 ? found : [...found, piece];
}

export interface ReachInput {
  /** The bookmark before the run. */
  readonly before: DayNumber | null;
  /** The last day that could be reached. */
  readonly goal: DayNumber;
  /** Days that should have been counted and were not. */
  readonly left: readonly DayNumber[];
}

/** How far everything is counted now: to the goal, or to the day before the first that was left out. Never back. */
export function reached({ before, goal, left }: ReachInput): DayNumber | null {
  const first = left.reduce((least, day) => Math.min(least, day), Infinity);
  const now = Math.min(goal, first - 1) as DayNumber;
  return before !== null && before > now ? before : now;
}
