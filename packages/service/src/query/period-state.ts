import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { Granularity, Period, WeekStart } from "@community-stats/contract/series.ts";
import { overlap, periodsOf, type Span } from "../domain/periods.ts";
import type { KnownDays } from "./days.ts";

/** The date axis of an answer, and which of its days are known. */
export interface Axis {
  readonly periods: readonly Span[];
  /** Number of days with numbers in each period. */
  readonly knownDays: readonly number[];
}

export interface AxisDays {
  /** Null where nothing is asked for. */
  readonly range: Span | null;
  /** Its days that exist. */
  readonly span: Span | null;
  readonly known: KnownDays;
}

/** @param plan without an axis one asks for totals only. */
export function axisOf(
  plan: { readonly axis: boolean; readonly granularity: Granularity },
  weekStart: WeekStart,
  { range, span, known }: AxisDays,
): Axis {
  const periods = range === null || !plan.axis ? [] : periodsOf(range, plan.granularity, weekStart);
  const knownDays = periods.map((period) => {
    const days = span === null ? null : overlap(period, span);
    if (days === null) return 0;
    let count = days.to - days.from + 1;
    for (const day of known.missing) if (day >= days.from && day <= days.to) count--;
    return count;
  });
  return { periods, knownDays };
}

/** The periods as answered; see contract/series.ts for the states. */
export function describePeriods(axis: Axis, range: Span, known: KnownDays): readonly Period[] {
  return axis.periods.map((period, index) => {
    const from = dayFromNumber(period.from);
    const to = period.to === period.from ? from : dayFromNumber(period.to);
    return { from, to, state: stateOf({ period, range, known, knownDays: axis.knownDays[index] ?? 0 }) };
  });
}

interface PeriodQuestion {
  readonly period: Span;
  readonly range: Span;
  readonly known: KnownDays;
  readonly knownDays: number;
}

function stateOf({ period, range, known, knownDays }: PeriodQuestion): Period["state"] {
  const missing = missingDays(overlap(period, range), known);
  if (missing > 0) return knownDays === 0 ? "missing" : "partial";
  if (known.through === null || period.to > known.through) return "open";
  const beginsInside = known.own !== null && known.own > period.from && known.own <= period.to;
  const before = known.repository === null || period.from < known.repository;
  const cut = period.from < range.from || period.to > range.to;
  return cut || beginsInside || before ? "cut" : "complete";
}

function missingDays(asked: Span | null, known: KnownDays): number {
  let count = 0;
  for (const day of known.missing) if (asked !== null && day >= asked.from && day <= asked.to) count++;
  return count;
}
