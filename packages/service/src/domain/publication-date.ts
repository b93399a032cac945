import { type DayNumber, dayNumber, dayNumberOf, parseDay, parseInstant } from "@community-stats/contract/days.ts";

interface Span {
  readonly first: DayNumber;
  readonly last: DayNumber;
}

/**
 * First day of a publication date (T1, T9.1 decision 3), or null where it is no date: EDTF level 0, that is YYYY, YYYY-MM, YYYY-MM-DD, or two of
 * them as A/B where B does not end before A begins. A date with a time is its UTC day. There is no year 0.
 */
export function publicationDay(text: string): DayNumber | null {
  const ends = text.split("/");
  if (ends.length > 2) return null;
  const [from, to] = ends.map((end) => spanOf(end));
  if (ends.length === 2) return from && to && to.last >= from.first ? from.first : null;
  return from?.first ?? dayWithTime(text);
}

function spanOf(text: string): Span | null {
  const day = parseDay(text);
  if (day !== null) return { first: dayNumber(day), last: dayNumber(day) };
  const match = /^(\d{4})(?:-(\d{2}))?$/.exec(text);
  const [year, month] = [match?.[1], match?.[2]];
  if (year === undefined) return null;
  return month === undefined ? between(`${year}-01`, `${year}-12`) : between(`${year}-${month}`, `${year}-${month}`);
}

/** From the first day of one month to the last day of another. */
function between(fromMonth: string, toMonth: string): Span | null {
  const first = parseDay(`${fromMonth}-01`);
  const last = [31, 30, 29, 28].map((date) => parseDay(`${toMonth}-${date}`)).find((day) => day !== null);
  return first === null || last === undefined || last === null
    ? null
    : { first: dayNumber(first), last: dayNumber(last) };
}

function dayWithTime(text: string): DayNumber | null {
  const instant = parseInstant(text);
  return instant === null ? null : dayNumberOf(instant);
}
