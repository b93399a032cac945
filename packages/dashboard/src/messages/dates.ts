import { dayNumber, MS_PER_DAY, parseDay, type Day } from "@community-stats/contract/days.ts";
import type { Granularity, Period } from "@community-stats/contract/series.ts";

export interface DateFormats {
  /** 21 Nov 2026 */
  day(day: string): string;
  /** 21 November 2026, or without the year. */
  longDay(day: string, year: boolean): string;
  /** 1 Jan – 22 Nov 2026; the year is left out when `year` is false. */
  range(from: string, to: string, year: boolean): string;
  /** Name of a period, by its whole extent: 9–15 Nov, November 2026, 2026. Quarters are words, see words.ts. */
  period(period: Pick<Period, "from" | "to">, granularity: Granularity, year: boolean): string;
  month(day: string, form: "short" | "long" | "longYear" | "shortYear"): string;
  /** 09:10 by the reader's clock, with the day unless it is the reader's today. */
  time(instant: string, nowMs: number | null): string;
  ago(instant: string, nowMs: number): string;
}

type Style = Intl.DateTimeFormatOptions;

/** Days are UTC days: nothing here depends on the reader's zone except the time of an instant. */
export function dateFormats(locale: string): DateFormats {
  const tag = locale === "en" ? "en-001" : locale;
  const format = memoized((style: Style) => new Intl.DateTimeFormat(tag, { ...style, timeZone: "UTC" }));
  const one = (day: string, style: Style): string => short(format(style).format(msOf(day)));
  const range = (from: string, to: string, year: boolean): string => {
    const style: Style = { day: "numeric", month: "short", ...(year ? { year: "numeric" } : {}) };
    return from === to ? one(from, style) : short(format(style).formatRange(msOf(from), msOf(to)));
  };
  return {
    day: (day) => one(day, { day: "numeric", month: "short", year: "numeric" }),
    longDay: (day, year) =>
      firstOfMonth(tag, one(day, { day: "numeric", month: "long", ...(year ? { year: "numeric" } : {}) })),
    range,
    period: (period, granularity, year) => periodName(period, granularity, { one, range, year }),
    month: (day, form) =>
      one(day, {
        month: form.startsWith("short") ? "short" : "long",
        ...(form.endsWith("Year") ? { year: "numeric" } : {}),
      }),
    time: (instant, nowMs) => timeOf(locale === "en" ? "en-GB" : locale, Date.parse(instant), nowMs),
    ago: (instant, nowMs) => agoOf(tag, instant, nowMs),
  };
}

interface PeriodNaming {
  readonly one: (day: string, style: Style) => string;
  readonly range: (from: string, to: string, year: boolean) => string;
  readonly year: boolean;
}

function periodName(period: Pick<Period, "from" | "to">, granularity: Granularity, naming: PeriodNaming): string {
  const { one, range, year } = naming;
  switch (granularity) {
    case "day":
      return one(period.from, { day: "numeric", month: "short", ...(year ? { year: "numeric" } : {}) });
    case "week":
      return range(period.from, period.to, year);
    case "month":
      return one(period.from, { month: "long", ...(year ? { year: "numeric" } : {}) });
    case "quarter":
    case "year":
      return one(period.from, { year: "numeric" });
  }
}

function msOf(day: string): number {
  const parsed = parseDay(day);
  return parsed === null ? Number.NaN : dayNumber(parsed satisfies Day) * MS_PER_DAY;
}

/** CLDR abbreviates September to four letters in English, which no axis has room for. */
function short(text: string): string {
  return text.replace("Sept ", "Sep ").replace(/Sept$/, "Sep").replaceAll("\u2009", " ");
}

/** French writes the first of a month as an ordinal, which CLDR's patterns do not know. */
function firstOfMonth(locale: string, text: string): string {
  return locale.startsWith("fr") ? text.replace(/^1 /, "1er ") : text;
}

function memoized<T>(make: (style: Style) => T): (style: Style) => T {
  const made = new Map<string, T>();
  return (style) => {
    const key = JSON.stringify(style);
    const known = made.get(key) ?? make(style);
    made.set(key, known);
    return known;
  };
}

function timeOf(locale: string, at: number, nowMs: number | null): string {
  // By the reader's calendar: near the date line it is another day there than in UTC.
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "short" });
  const sameDay = nowMs !== null && day.format(at) === day.format(nowMs);
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    ...(sameDay ? {} : { day: "numeric", month: "short", year: "numeric" }),
  }).format(at);
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function agoOf(locale: string, instant: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(instant)) / 1000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const step = STEPS.find(([, size]) => seconds >= size);
  return step === undefined ? format.format(0, "minute") : format.format(-Math.round(seconds / step[1]), step[0]);
}
