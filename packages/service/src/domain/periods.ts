import { MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import type { Granularity, WeekStart } from "@community-stats/contract/series.ts";

/** Consecutive days, both ends included. */
export interface Span {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

/** The whole period of the granularity that holds the day. */
export function periodAround(day: DayNumber, granularity: Granularity, weekStart: WeekStart): Span {
  switch (granularity) {
    case "day":
      return { from: day, to: day };
    case "week": {
      const from = day - daysSince(weekStart, day);
      return span(from, from + 6);
    }
    case "month":
      return monthsAround(day, 1);
    case "quarter":
      return monthsAround(day, 3);
    case "year":
      return monthsAround(day, 12);
    default:
      return granularity satisfies never;
  }
}

/** The whole periods that the range touches, ascending; the first and the last may reach beyond it. */
export function periodsOf(range: Span, granularity: Granularity, weekStart: WeekStart): readonly Span[] {
  const periods: Span[] = [];
  let period = periodAround(range.from, granularity, weekStart);
  for (;;) {
    periods.push(period);
    if (period.to >= range.to) return periods;
    period = periodAround(asDay(period.to + 1), granularity, weekStart);
  }
}

/** The days that both have, or null if there are none. */
export function overlap(left: Span, right: Span): Span | null {
  const from = Math.max(left.from, right.from);
  const to = Math.min(left.to, right.to);
  return from > to ? null : span(from, to);
}

export function yearOfDay(day: number): number {
  return new Date(day * MS_PER_DAY).getUTCFullYear();
}

/** 1 January of the year. */
export function firstDayOfYear(year: number): DayNumber {
  return asDay(firstOfMonth(year, 0));
}

/** Day 0 was a Thursday. */
const DAYS_BEFORE_DAY_0: Readonly<Record<WeekStart, number>> = { monday: 3, saturday: 5, sunday: 4 };

/** 0 to 6. */
function daysSince(weekStart: WeekStart, day: number): number {
  return (((day + DAYS_BEFORE_DAY_0[weekStart]) % 7) + 7) % 7;
}

function monthsAround(day: DayNumber, months: number): Span {
  const date = new Date(day * MS_PER_DAY);
  const month = date.getUTCMonth() - (date.getUTCMonth() % months);
  const year = date.getUTCFullYear();
  return span(firstOfMonth(year, month), firstOfMonth(year, month + months) - 1);
}

function firstOfMonth(year: number, month: number): number {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(Date.UTC(2000, month, 1));
  return date.setUTCFullYear(year + date.getUTCFullYear() - 2000) / MS_PER_DAY;
}

function span(from: number, to: number): Span {
  return { from: asDay(from), to: asDay(to) };
}

function asDay(number: number): DayNumber {
  return number as DayNumber;
}
