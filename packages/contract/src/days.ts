declare const brand: unique symbol;
/** A primitive that carries its meaning in its type, so that two of them cannot be mixed up. */
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A UTC calendar day, "2025-03-31". Sorts as text; has no clock time and no zone. */
export type Day = Brand<string, "Day">;
/** The same day as a whole number: days since 1970-01-01. For arithmetic and typed arrays. */
export type DayNumber = Brand<number, "DayNumber">;
/**
 * A moment as epoch milliseconds. Sources that give microseconds keep them as a fraction of a millisecond:
 * a double orders them exactly until the year 2242.
 */
export type Instant = Brand<number, "Instant">;

/** Inclusive at both ends; `from` is not after `to`. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

export const MS_PER_DAY = 86_400_000;
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day that a text names, or null unless it is a day that exists, written YYYY-MM-DD. */
export function parseDay(text: string): Day | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Not by `Date.UTC`, to which years below 100 are those of the last century.
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, date);
  // A day that its month does not have is one of another month.
  const exists = found.getUTCDate() === date && found.getUTCMonth() === month - 1;
  return exists && year > 0 ? (text as Day) : null;
}

export function dayNumber(day: Day): DayNumber {
  return (Date.parse(day) / MS_PER_DAY) as DayNumber;
}

export function dayFromNumber(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10) as Day;
}

export function dayOf(instant: Instant): Day {
  return dayFromNumber(dayNumberOf(instant));
}

export function dayNumberOf(instant: Instant): DayNumber {
  return Math.floor(instant / MS_PER_DAY) as DayNumber;
}

/** The first instant of the day. */
export function startOf(day: Day): Instant {
  return (dayNumber(day) * MS_PER_DAY) as Instant;
}

export function addDays(day: Day, count: number): Day {
  return dayFromNumber(dayNumber(day) + count);
}

/** Number of days in the range, both ends included. */
export function lengthOf(range: DayRange): number {
  return dayNumber(range.to) - dayNumber(range.from) + 1;
}

export function* daysOf(range: DayRange): Generator<Day> {
  const last = dayNumber(range.to);
  for (let day: number = dayNumber(range.from); day <= last; day++) yield dayFromNumber(day);
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The instant of an ISO 8601 text. Without a zone it is UTC, without a time it is midnight. Fractions count to the microsecond.
 * Null for anything else, also for days and times that do not exist.
 */
export function parseInstant(text: string): Instant | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const day = parseDay(match[1] ?? "");
  const [hour, minute, second] = [match[2], match[3], match[4]].map((part) => Number(part ?? 0));
  if (day === null || hour === undefined || minute === undefined || second === undefined) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = zoneMinutes(match[6]);
  if (offset === null) return null;
  const micros = Number((match[5] ?? "").slice(0, 6).padEnd(6, "0"));
  const seconds = (hour * 60 + minute - offset) * 60 + second;
  return (startOf(day) + seconds * 1000 + micros / 1000) as Instant;
}

function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone.toUpperCase() === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
