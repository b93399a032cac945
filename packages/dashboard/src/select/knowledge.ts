import { addDays, parseDay } from "@community-stats/contract/days.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";

/** First and last day of an unbroken run of days. */
export interface DayRun {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** The part of the asked range about which an answer knows something; null if it knows nothing. */
export function knownSpan(answer: ColumnsAnswer): { readonly from: string; readonly to: string } | null {
  const { asOf, firstDay } = answer;
  if (firstDay === null || (asOf === null && answer.incompleteDays.length === 0)) return null;
  const last = [asOf ?? "", answer.incompleteDays.at(-1) ?? ""].toSorted().at(-1) ?? "";
  const from = answer.from < firstDay ? firstDay : answer.from;
  const to = answer.to < last ? answer.to : last;
  return from <= to ? { from, to } : null;
}

/** Days that should be known and are not: holes before the last complete day, not the days still to come. */
export function gapDays(answer: ColumnsAnswer): readonly string[] {
  const { asOf } = answer;
  return asOf === null ? [] : answer.missingDays.filter((day) => day <= asOf).toSorted();
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
