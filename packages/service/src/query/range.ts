import { dayNumber, dayNumberOf, parseDay, parseInstant, type DayNumber } from "@community-stats/contract/days.ts";
import { BadRequestError } from "@community-stats/contract/problems.ts";
import type { AskedDays } from "./days.ts";
import { shorten } from "./parameters.ts";

/** Longest range of one request, in days, whatever the settings: 300 years. */
const MAX_RANGE_DAYS = 109_573;
const DAYS_PER_YEAR = 365.2425;

/**
 * The days of a request. A date may carry a time; its UTC day counts.
 * @param longest most days of a range.
 * @throws BadRequestError for texts that are no date, a start after the end, or a range beyond all use.
 */
export function parseRange(
  startDate: string | undefined,
  endDate: string | undefined,
  longest: number = MAX_RANGE_DAYS,
): AskedDays {
  const from = startDate === undefined ? null : parseDate("start_date", startDate);
  const to = endDate === undefined ? null : parseDate("end_date", endDate);
  if (from === null || to === null) return { from, to };
  if (from > to) {
    throw new BadRequestError(
      "REVERSED_RANGE",
      `start_date ${shorten(startDate ?? "")} lies after end_date ${shorten(endDate ?? "")}.`,
      "Swap the two, or leave one out.",
    );
  }
  if (to - from >= longest) {
    throw new BadRequestError(
      "RANGE_TOO_LONG",
      `From ${shorten(startDate ?? "")} to ${shorten(endDate ?? "")} are ${(to - from + 1).toLocaleString("en")} days.`,
      `Ask for at most ${longest.toLocaleString("en")} days (${Math.round(longest / DAYS_PER_YEAR)} years) at once.`,
    );
  }
  return { from, to };
}

function parseDate(name: string, text: string): DayNumber {
  const day = parseDay(text);
  if (day !== null) return dayNumber(day);
  const instant = parseInstant(text);
  if (instant !== null) return dayNumberOf(instant);
  throw new BadRequestError(
    "INVALID_DATE",
    `${name} "${shorten(text)}" is not a date.`,
    "Write a day that exists as YYYY-MM-DD, for example 2025-03-31.",
  );
}
