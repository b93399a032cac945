import { lengthOf, type DayRange } from "@community-stats/contract/days.ts";
import { YEAR_SHIFT_DAYS } from "@community-stats/contract/other-period.ts";

/** year: the same weekdays 364 days before; previous: as many days right before; none: no comparison. */
export const COMPARISONS = ["year", "previous", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

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
