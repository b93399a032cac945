/** Instants are whole microseconds since 1970. Days are whole days since 1970. */
export const MICROS_PER_DAY = 86_400_000_000;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?$/;

export function dayOf(instant: number): number {
  return Math.floor(instant / MICROS_PER_DAY);
}

export function startOf(day: number): number {
  return day * MICROS_PER_DAY;
}

/**
 * The instant just before another: nothing happens between them. Beyond 285 years from 1970 a double does not hold single
 * microseconds, but there are only publication days there.
 */
export function justBefore(instant: number): number {
  return instant - (Number.isSafeInteger(instant) ? 1 : 1_000_000);
}

export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The day that YYYY-MM-DD names, or null if there is no such day. */
export function dayNamed(text: string): number | null {
  const [, year, month, date] = DATE.exec(text) ?? [];
  if (year === undefined || year === "0000") return null;
  const moment = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(date));
  const day = Math.floor(moment / 86_400_000);
  return dayText(day) === text ? day : null;
}

/** An ISO date or date-time as instant; without a zone UTC, without a time midnight; null for anything else. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const date = dayNamed(value);
  if (date !== null) return startOf(date);
  const [, day, hour, minute, second = "0", fraction = "", sign, zoneHour, zoneMinute] = TIME.exec(value) ?? [];
  const known = day === undefined ? null : dayNamed(day);
  if (known === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute));
  const seconds = (Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second);
  return startOf(known) + seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** T9.1 decision 3: EDTF level 0; a date with a time is its UTC day; everything else is no date. */
export function publicationDay(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const whole = edtfDate(value);
  if (whole !== null) return whole.first;
  if (value.includes("/")) return intervalStart(value.split("/"));
  const instant = instantOf(value);
  return instant === null ? null : dayOf(instant);
}

function intervalStart(ends: readonly string[]): number | null {
  const [from, to] = ends.map((end) => edtfDate(end));
  if (ends.length !== 2 || !from || !to) return null;
  return to.last < from.first ? null : from.first;
}

/** First and last day of YYYY, YYYY-MM or YYYY-MM-DD. */
function edtfDate(text: string): { first: number; last: number } | null {
  const whole = dayNamed(text);
  if (whole !== null) return { first: whole, last: whole };
  if (/^\d{4}$/.test(text)) return span(`${text}-01-01`, `${text}-12-31`);
  if (!/^\d{4}-\d{2}$/.test(text)) return null;
  const lengths = [31, 30, 29, 28].map((date) => `${text}-${date}`);
  return span(`${text}-01`, lengths.find((last) => dayNamed(last) !== null) ?? "");
}

function span(from: string, to: string): { first: number; last: number } | null {
  const [first, last] = [dayNamed(from), dayNamed(to)];
  return first === null || last === null ? null : { first, last };
}
