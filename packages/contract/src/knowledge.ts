import { addDays, parseDay } from "./days.ts";
import type { ColumnsAnswer } from "./series.ts";

/** First and last day of an unbroken run of days. */
export interface DayRun {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** The part of the asked range about which an answer knows something; null if it knows nothing. */
export function knownSpan(answer: ColumnsAnswer): { readonly from: string; readonly to: string } | null {
  const { firstDay } = answer;
  const last = lastKnownDay(answer);
  if (firstDay === null || last === null) return null;
  const from = answer.from < firstDay ? firstDay : answer.from;
  const to = answer.to < last ? answer.to : last;
  return from <= to ? { from, to } : null;
}

/** By day the numbers themselves tell; in longer periods days after the last complete one count as known when they are listed as begun. */
function lastKnownDay(answer: ColumnsAnswer): string | null {
  const { asOf, incompleteDays } = answer;
  if (answer.granularity === "day" && answer.periods.length > 0) {
    const values = Object.values(answer.series[0]?.metrics ?? {})[0] ?? [];
    const last = values.findLastIndex((value) => value !== null);
    return answer.periods[last]?.to ?? null;
  }
  return (
    [asOf, incompleteDays.at(-1)]
      .filter((day) => day !== null && day !== undefined)
      .toSorted()
      .at(-1) ?? null
  );
}

/** Days that should be known and are not: holes before the last known day, not the days still to come. */
export function gapDays(answer: ColumnsAnswer): readonly string[] {
  const span = knownSpan(answer);
  return span === null ? [] : answer.missingDays.filter((day) => day < span.to).toSorted();
}

/** Puts neighbouring days together. */
export function dayRuns(days: readonly string[]): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    const end = last === undefined ? null : parseDay(last.to);
    if (last !== undefined && end !== null && addDays(end, 1) === day) {
      runs[runs.length - 1] = { from: last.from, to: day, days: last.days + 1 };
    } else runs.push({ from: day, to: day, days: 1 });
  }
  return runs;
}
