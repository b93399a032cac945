import { dayFromNumber } from "@community-stats/contract/days.ts";
import { expect, it } from "vitest";
import { publicationDay } from "./publication-date.ts";

const cases: readonly (readonly [text: string, day: string | null, why: string])[] = [
  ["2020", "2020-01-01", "a year is its first day"],
  ["2020-10", "2020-10-01", "a month is its first day"],
  ["2020-10-13", "2020-10-13", "a day"],
  ["2020-02-29", "2020-02-29", "leap day"],
  ["1900-02-29", null, "no leap year"],
  ["2021-02-31", null, "a day that does not exist"],
  ["2020-13", null, "a month that does not exist"],
  ["2020-00", null, "month zero"],
  ["2020-1", null, "month in one digit"],
  ["2020-99-01", null, "month 99"],
  ["2020/2021", "2020-01-01", "interval of years"],
  ["2020-01/2020-06", "2020-01-01", "interval of months"],
  ["2020-03-05/2020-06-30", "2020-03-05", "interval of days"],
  ["2020-05/2021", "2020-05-01", "interval of mixed precision"],
  ["2020-06/2020", "2020-06-01", "the last day of the end is not before the start"],
  ["2021/2020", null, "ends before it begins"],
  ["2020-07/2020-06", null, "months in the wrong order"],
  ["2020/2020", "2020-01-01", "one year as interval"],
  ["2020/", null, "open interval"],
  ["/2020", null, "interval without start"],
  ["2020/..", null, "level 1 open interval"],
  ["2020/2021/2022", null, "three ends"],
  ["2020-2021", null, "a hyphen is no interval"],
  ["1999~", null, "approximate"],
  ["1999?", null, "uncertain"],
  ["199X", null, "unspecified digit"],
  ["May 2020", null, "words"],
  ["20201013", null, "basic format"],
  ["20200113", null, "basic format"],
  ["2020-W05", null, "ISO week"],
  ["1999-12-31T23:00:00-05:00", "2000-01-01", "UTC day of a time with offset"],
  ["1999-12-31T23:00:00Z", "1999-12-31", "UTC day of a time"],
  ["2020-10-13T00:00:00", "2020-10-13", "time without zone is UTC"],
  ["2020-10-13T25:00:00", null, "an hour that does not exist"],
  ["2020-01-01T00:00:00/2021", null, "an interval has no times"],
  ["", null, "empty"],
  [" 2020", null, "nothing is trimmed"],
  ["0050", "0050-01-01", "the first century"],
  ["0001-02-03", "0001-02-03", "a day of the first year"],
  ["0099/0100", "0099-01-01", "an interval from the first century"],
  ["0000", null, "no year 0"],
  ["-2020", null, "negative year"],
];

it.each(cases)("%s is %s: %s", (text, day) => {
  const found = publicationDay(text);
  expect(found === null ? null : dayFromNumber(found)).toBe(day);
});
