import { setImmediate as nextTurn } from "node:timers/promises";
import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { Basis, Side } from "@community-stats/contract/metrics.ts";
import type { WeekStart } from "@community-stats/contract/series.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { Generation, Progress, RollupKind, RollupStore } from "../engine/rollup-store.ts";
import type { Dictionaries } from "./dictionaries.ts";
import type { RecordDirectory } from "./record-directory.ts";
import type { UseMemory } from "./use-memory.ts";

/** What a request reads: the live generation as it is when the request begins. */
export interface Reading {
  readonly store: RollupStore;
  /** Only to tell a quiet day from one that could not be counted. */
  readonly facts: Pick<FactStore, "eventDays">;
  readonly dictionaries: Dictionaries;
  /** What single records are. */
  readonly records: RecordDirectory;
  readonly uses: UseMemory;
  /** Null before the first run. */
  readonly generation: Generation | null;
  readonly progress: Progress;
  /** In the order of configuration. */
  readonly breakdowns: readonly Breakdown[];
  readonly topLimit: number;
  readonly weekStart: WeekStart;
  /** The UTC day of the request. */
  readonly today: DayNumber;
  /** The use is generated demonstration data. */
  readonly generated: boolean;
  /** Ends when nobody waits for what is read. */
  readonly signal: AbortSignal | null;
}

export const NO_PROGRESS: Progress = { through: null, counted: null, recordSeq: -1, failedScopes: [], updatedAt: null };

export type ReadingSource = Omit<Reading, "generation" | "progress">;

export async function openReading(source: ReadingSource): Promise<Reading> {
  const generation = await liveGeneration(source.store);
  const progress = generation === null ? NO_PROGRESS : await source.store.progress(generation.id);
  return { ...source, generation, progress };
}

const ATTEMPTS = 3;

/** Runs the work on one generation; once more when that one was retired, or got other breakdowns, in the middle of it. */
export async function withReading<T>(source: ReadingSource, work: (reading: Reading) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const reading = await openReading(source);
    const result = await work(reading);
    const live = await liveGeneration(source.store);
    const isSame = live?.id === reading.generation?.id && live?.ruleVersion === reading.generation?.ruleVersion;
    if (attempt === ATTEMPTS || isSame) return result;
  }
}

/** Between two blocks of work: lets others have their turn, and ends the work when nobody waits for it. */
export async function betweenBlocks({ signal }: Pick<Reading, "signal">): Promise<void> {
  if (signal === null) return;
  await nextTurn();
  signal.throwIfAborted();
}

export async function liveGeneration(store: RollupStore): Promise<Generation | null> {
  const generations = await store.generations();
  return generations.find((generation) => generation.live) ?? null;
}

export function rollupKind(side: Side, basis: Basis): TableSource["kind"] {
  return side === "usage" ? "usage" : `records-${basis}`;
}

/** Which rollups a table is made of. `scope` is a rollup code, -1 for a scope that was never counted. */
export interface TableSource {
  readonly kind: Exclude<RollupKind, "usage-records">;
  readonly scope: number;
  /** "" for the totals. */
  readonly breakdown: string;
}

/** First day of the scope and of the whole repository in a kind; null where nothing ever happened. */
export interface Beginnings {
  readonly own: DayNumber | null;
  readonly repository: DayNumber | null;
}

/** Those of any scope of a kind. */
export async function beginnings(reading: Reading, kind: RollupKind): Promise<(scope: number) => Beginnings> {
  const days = reading.generation === null ? [] : await reading.store.firstDays(reading.generation.id, kind);
  const byScope = new Map(days.map(({ scope, day }) => [scope, day]));
  const repository = days.reduce<DayNumber | null>(
    (first, { day }) => (first === null || day < first ? day : first),
    null,
  );
  return (scope) => ({ own: byScope.get(scope) ?? null, repository });
}
