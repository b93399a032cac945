import { lengthOf, type DayRange } from "@community-stats/contract/days.ts";

/** year: the same weekdays 364 days before; previous: as many days right before; none: no comparison. */
export const COMPARISONS = ["year", "previous", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** 52 weeks: the same weekdays a year before. */
export const YEAR_SHIFT_DAYS = 364;

/** How many days the other period lies back, or null without a comparison. */
export function shiftDays(comparison: Comparison, range: DayRange): number | null {
  switch (comparison) {
    case "year":
      return YEAR_SHIFT_DAYS;
    case "previous":
      return lengthOf(range);
    case "none":
      return null;
  }
}
