import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, UsePlaces } from "../engine/rollup-store.ts";
import type { PackedDay } from "../domain/kernel-output.ts";

/** Some days for one hand: what to count, with which rules and facts, and where the numbers go. */
export interface CountingPiece {
  readonly generation: number;
  readonly ruleVersion: string;
  /** Record facts up to here. */
  readonly recordSeq: number;
  /** Whose values the kept history of these facts holds: those that are counted, and perhaps more. */
  readonly read: readonly Breakdown[];
  readonly days: readonly CountedDay[];
  readonly places: UsePlaces;
}

/** What became of one day of a piece; of a counted one, the scopes that have use. */
export type PieceDay =
  | { readonly kind: "counted"; readonly day: DayNumber; readonly scopes: readonly number[] }
  | { readonly kind: "failed"; readonly day: DayNumber; readonly error: string }
  | { readonly kind: "stale"; readonly day: DayNumber };

export interface PieceResult {
  /** The try that wrote the numbers. */
  readonly attempt: number;
  readonly days: readonly PieceDay[];
}

/** A day that has numbers, and the scopes that have use on it. */
export interface UsedDay {
  readonly day: DayNumber;
  readonly scopes: Iterable<number>;
}

/** Scopes with use: those that have totals. */
export function usedScopes(packed: PackedDay): ReadonlySet<number> {
  const used = new Set<number>();
  packed.breakdown.forEach((breakdown, blob) => {
    if (breakdown === 0) used.add(packed.scope[blob] ?? 0);
  });
  return used;
}
