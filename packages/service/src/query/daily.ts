import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { Basis, Kind, Side } from "@community-stats/contract/metrics.ts";
import type { Span } from "../domain/periods.ts";
import { readDailyTables, type BreakdownTable } from "./daily-tables.ts";
import { existingDays, knownDays, type AskedDays, type KnownDays } from "./days.ts";
import { readNames, type LabelAt } from "./labels.ts";
import { rollupKind, type Reading } from "./reading.ts";
import { ALL_RECORDS, ALL_USAGE, type Table } from "./table.ts";
import { slotOrder, type SlotOrder } from "./walk.ts";

/** What the daily documents, series and categories of one side and kind are about. */
export interface DailyPlan {
  readonly side: Side;
  readonly kind: Kind;
  readonly basis: Basis;
  readonly scope: PlannedScope;
  readonly asked: AskedDays;
}
export interface PlannedScope {
  /** "global" or the community's id. */
  readonly key: string;
  /** Rollup code, -1 for a scope that was never counted. */
  readonly code: number;
}

/** One breakdown's numbers, ready to walk. */
export interface BreakdownDays extends BreakdownTable {
  readonly order: SlotOrder;
  readonly labelAt: LabelAt;
}

/** Everything that the days of a plan are told from. */
export interface DailyNumbers {
  readonly plan: DailyPlan;
  readonly known: KnownDays;
  /** Null when none of the days exists. */
  readonly span: Span | null;
  readonly totals: Table;
  /** Those that were asked for; none where no day exists. */
  readonly breakdowns: readonly BreakdownDays[];
  readonly topLimit: number;
  /** A day as YYYY-MM-DD. */
  readonly textOf: (day: number) => string;
  /** "2025-03-13T01:02:03", when the numbers were counted; null before the first run. */
  readonly countedAt: string | null;
}

/** The breakdowns that the side has, in the order of configuration. */
export function breakdownsOf(reading: Reading, side: Side): readonly Breakdown[] {
  return reading.breakdowns.filter((breakdown) => breakdown[side] !== null);
}

export async function readDaily(
  reading: Reading,
  plan: DailyPlan,
  breakdowns: readonly Breakdown[],
): Promise<DailyNumbers> {
  const source = { kind: rollupKind(plan.side, plan.basis), scope: plan.scope.code, breakdown: "" };
  const known = await knownDays(reading, source);
  const span = existingDays(plan.asked, known);
  const request = {
    source: { kind: source.kind, scope: source.scope },
    span: span ?? NO_DAYS,
    picks: plan.side === "usage" ? ALL_USAGE : ALL_RECORDS,
    openingSince: plan.kind === "snapshot" ? known.own : null,
  };
  // Where no day exists, nothing is read.
  const from = span === null ? { ...reading, generation: null } : reading;
  const { totals, tables } = await readDailyTables(from, request, span === null ? [] : breakdowns);
  const days: BreakdownDays[] = [];
  for (const { breakdown, table } of tables) {
    const { texts, labelAt } = await readNames(reading, breakdown, { side: plan.side, codes: table.codes });
    days.push({ breakdown, table, order: slotOrder(table, texts), labelAt });
  }
  const { updatedAt } = reading.progress;
  return {
    plan,
    known,
    span,
    totals,
    breakdowns: days,
    topLimit: reading.topLimit,
    textOf: dayTexts(),
    countedAt: updatedAt === null ? null : new Date(updatedAt).toISOString().slice(0, 19),
  };
}

/** Days are written once per answer: making a date is slow, and a series has as many as there are values. */
function dayTexts(): (day: number) => string {
  const texts = new Map<number, string>();
  return (day) => {
    const known = texts.get(day) ?? dayFromNumber(day);
    texts.set(day, known);
    return known;
  };
}

const NO_DAYS = { from: 0, to: 0 } as Span;

/** The days that have a document: those of the span that were counted. */
export function* daysOfNumbers({ span, known }: DailyNumbers): Generator<number> {
  if (span === null) return;
  for (let day: number = span.from; day <= span.to; day++) if (!known.missing.has(day)) yield day;
}
