import type { DayNumber } from "@community-stats/contract/days.ts";
import { firstDayOfYear, yearOfDay, type Span } from "../domain/periods.ts";
import type { RollupsOfBreakdown, RollupsTogether, RollupStore } from "../engine/rollup-store.ts";
import type { TableSource } from "./reading.ts";

/** Which numbers of a scope tables are made of. */
export interface StoredRequest {
  readonly source: Omit<TableSource, "breakdown">;
  readonly span: Span;
  /** First day of the scope, where the sums of all days before the span are wanted; null where they are not. */
  readonly openingSince: DayNumber | null;
}
interface NumbersOf {
  readonly store: RollupStore;
  readonly generation: number;
}

/**
 * The parts of the span by breakdown; where the sums before it are wanted, also the newest checkpoint before its first year, and all parts
 * since. A store that can reads them together: then they are of one moment.
 */
export async function storedNumbers(
  numbers: NumbersOf,
  { source, span, openingSince }: StoredRequest,
  breakdowns: readonly string[],
): Promise<ReadonlyMap<string, RollupsOfBreakdown>> {
  const periodOf = periodsOf(source);
  const hasOpening = openingSince !== null && openingSince < span.from;
  const opening = hasOpening ? { since: periodOf(openingSince), year: yearOfDay(span.from) - 1 } : null;
  const asked = { ...source, breakdowns, from: periodOf(span.from), to: periodOf(span.to), opening };
  const { store, generation } = numbers;
  return (await store.readTogether?.(generation, asked)) ?? (await oneByOne(numbers, asked));
}

async function oneByOne(
  { store, generation }: NumbersOf,
  { kind, scope, breakdowns, from, to, opening }: RollupsTogether,
): Promise<ReadonlyMap<string, RollupsOfBreakdown>> {
  const after = (year: number): number => periodsOf({ kind })(firstDayOfYear(year + 1));
  const found = new Map<string, RollupsOfBreakdown>();
  for (const breakdown of breakdowns) {
    const source = { kind, scope, breakdown };
    const checkpoint = opening === null ? null : await store.checkpoint(generation, source, opening.year);
    const first = checkpoint === null ? (opening?.since ?? from) : after(checkpoint.period);
    found.set(breakdown, { checkpoint, parts: await store.read(generation, { ...source, from: first, to }) });
  }
  return found;
}

/** Use has a part for each day, holdings have one for each year. */
function periodsOf({ kind }: Pick<TableSource, "kind">): (day: DayNumber) => number {
  return kind === "usage" ? Number : yearOfDay;
}
