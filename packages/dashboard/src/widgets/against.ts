import { lengthOf, type DayRange } from "@community-stats/contract/days.ts";
import { YEAR_SHIFT_DAYS } from "@community-stats/contract/other-period.ts";
import type { Granularity } from "@community-stats/contract/series.ts";
import type { Words } from "../messages/words.ts";
import { otherYear } from "../select/comparison.ts";
import { shiftDays, type Comparison } from "../state/comparison.ts";

interface Against {
  readonly comparison: Comparison;
  readonly range: DayRange;
}

/** After "more than": "in the same days of 2025", "in the 28 days before". */
export function againstText(words: Words, { comparison, range }: Against): string {
  const year = otherYear(range, YEAR_SHIFT_DAYS);
  if (comparison === "year") return year === null ? words.text("against.years") : words.text("against.year", { year });
  const days = lengthOf(range);
  return words.text("against.previous", { n: words.numbers.full(days), count: days });
}

/** After "more than", of a running total: "a year before". */
export function againstPoint(words: Words, { comparison, range }: Against): string {
  if (comparison === "year") return words.text("against.before.year");
  const days = lengthOf(range);
  return words.text("against.before.previous", { n: words.numbers.full(days), count: days });
}

/** Name of the compare line: "Same weeks of 2025". */
export function compareName(words: Words, against: Against, granularity: Granularity): string {
  if (shiftDays(against.comparison, against.range) === null) return "";
  const year = otherYear(against.range, YEAR_SHIFT_DAYS);
  if (against.comparison === "previous") return words.text("same.previous");
  return year === null ? words.text("same.before") : words.textOr(`same.${granularity}`, "", { year });
}
