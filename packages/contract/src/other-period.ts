import { addDays, parseDay, type Day } from "./days.ts";
import { gapDays, knownSpan } from "./knowledge.ts";
import type { ColumnsAnswer, ColumnsRequest } from "./series.ts";

/** 52 weeks: the same weekdays a year before. */
export const YEAR_SHIFT_DAYS = 364;

const DAYS_PER_WEEK = 7;

/** The request for the totals of the other period, in steps that fit into the periods of the first. */
export function otherRequest(request: ColumnsRequest, current: ColumnsAnswer, shift: number): ColumnsRequest | null {
  const span = completeSpan(current);
  if (span === null) return null;
  const byWeek = request.granularity === "week" && shift % DAYS_PER_WEEK === 0;
  const { values: _values, top: _top, ...rest } = request;
  return {
    ...rest,
    from: addDays(dayIn(request.from), -shift),
    to: addDays(dayIn(span.to), -shift),
    granularity: byWeek ? "week" : "day",
    ...(request.breakdown !== null && request.values?.length === 1 ? { values: request.values } : { breakdown: null }),
  };
}

/** The complete days of an answer: the unfinished last one is never compared. */
export function completeSpan(answer: ColumnsAnswer): { readonly from: string; readonly to: string } | null {
  const span = knownSpan(answer);
  if (span === null || answer.asOf === null) return null;
  const to = span.to < answer.asOf ? span.to : answer.asOf;
  return span.from <= to ? { from: span.from, to } : null;
}

/** Totals alone do not tell which days both have when one of the two has holes or begins late. */
export function needsDays(current: ColumnsAnswer, other: ColumnsAnswer, shift: number): boolean {
  if (current.kind === "snapshot") return false;
  if (current.granularity === "day") return true;
  const span = completeSpan(current);
  const begin = span === null ? null : addDays(dayIn(span.from), -shift);
  return (
    [current, other].some((answer) => gapDays(answer).length > 0 || answer.incompleteDays.length > 0) ||
    (begin !== null && (other.firstDay === null || other.firstDay > begin))
  );
}

/** The same question by day, where holes make that necessary. */
export function daily(request: ColumnsRequest): ColumnsRequest {
  return { ...request, granularity: "day" };
}

/** Day of a text that the contract promises to be one. */
function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`"${text}" is not a day.`);
  return day;
}
