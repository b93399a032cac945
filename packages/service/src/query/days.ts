import type { DayNumber } from "@community-stats/contract/days.ts";
import type { RollupKind } from "../engine/rollup-store.ts";
import { overlap, type Span } from "../domain/periods.ts";
import { beginnings, type Beginnings, type Reading, type TableSource } from "./reading.ts";

/** Which days of a scope exist, and what is known of them. */
export interface KnownDays extends Beginnings {
  /** Last complete day. */
  readonly through: DayNumber | null;
  /** Last day that has numbers, complete or not. */
  readonly counted: DayNumber | null;
  /** Days between `through` and `counted` that could not be counted. */
  readonly missing: ReadonlySet<number>;
}

export async function knownDays(reading: Reading, { kind, scope }: TableSource): Promise<KnownDays> {
  return (await knownDaysOf(reading, kind))(scope);
}

/** Those of any scope of a kind: what scopes have in common is read once. */
export async function knownDaysOf(reading: Reading, kind: RollupKind): Promise<(scope: number) => KnownDays> {
  const { through, counted, failedScopes } = reading.progress;
  const begun = await beginnings(reading, kind);
  const missing = await missingDays(reading, kind);
  const failed = new Set(kind === "usage" ? [] : failedScopes);
  return (scope) => {
    const begin = begun(scope);
    if (!failed.has(scope)) return { ...begin, through, counted, missing };
    // No day is sure; without older numbers every day is missing.
    return { ...begin, through: null, counted, missing: begin.own === null ? allDays(begin, counted) : NONE };
  };
}

function allDays({ repository }: Beginnings, last: DayNumber | null): ReadonlySet<number> {
  if (repository === null || last === null) return NONE;
  return new Set(Array.from({ length: last - repository + 1 }, (_, index) => repository + index));
}

/** The bookmark stops before the first day that failed. Days after it that have use and were not counted are missing. */
async function missingDays(reading: Reading, kind: RollupKind): Promise<ReadonlySet<number>> {
  const { through, counted } = reading.progress;
  if (kind !== "usage" || reading.generation === null || through === null || counted === null) return NONE;
  if (counted - through < 2) return NONE;
  const done = new Set((await reading.store.countedDays(reading.generation.id)).map(({ day }) => Number(day)));
  const used = (await reading.facts.eventDays()).map(({ day }) => Number(day));
  return new Set(used.filter((day) => day > through && day < counted && !done.has(day)));
}

const NONE: ReadonlySet<number> = new Set();

/** What a caller asked for: without a start, a scope's numbers begin at its own first day; without an end, at the last counted. */
export interface AskedDays {
  readonly from: DayNumber | null;
  readonly to: DayNumber | null;
}

/**
 * The asked days with the open ends filled in; null when nothing is known that could fill them. An open end before the asked day falls on that
 * day: what was not asked for is not answered about.
 */
export function askedRange(asked: AskedDays, known: KnownDays): Span | null {
  const to = asked.to ?? known.counted;
  const from = asked.from ?? known.own ?? to;
  if (from === null || to === null) return null;
  if (from <= to) return { from, to };
  return asked.from === null ? { from: to, to } : { from, to: from };
}

/** The days that exist of those that were asked for; null if there are none. */
export function existingDays(asked: AskedDays, known: KnownDays): Span | null {
  if (known.counted === null) return null;
  const first = asked.from === null ? known.own : known.repository;
  if (first === null) return null;
  const wanted = { from: asked.from ?? first, to: asked.to ?? known.counted };
  return overlap(wanted, { from: first, to: known.counted });
}
