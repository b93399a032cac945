import { parseDay, type Day, type DayRange } from "@community-stats/contract/days.ts";
import type { Stretch } from "../ui/use-stretch.ts";
import type { ChartModel } from "./chart-model.ts";

/** From the first day of the one period to the last of the other, or to today. */
export function stretchDays({ rows }: ChartModel, { from, to }: Stretch, today: Day): DayRange | null {
  const [first, last] = [parseDay(rows.periods[from]?.from ?? ""), parseDay(rows.periods[to]?.to ?? "")];
  return first === null || last === null ? null : { from: first, to: last > today ? today : last };
}

export function stretchText(model: ChartModel, stretch: Stretch, today: Day): string {
  const days = stretchDays(model, stretch, today);
  if (days === null) return "";
  return model.words.text("chart.stretch", { range: model.words.dates.range(days.from, days.to, true) });
}
