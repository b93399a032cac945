import type { Enrichment, EventIndex, EventIndices } from "../engine/event-indices.ts";
import { EVENT_TYPES } from "../engine/event-indices.ts";
import { hasNew } from "./copying.ts";
import { monthOf, namesOf } from "./migration.ts";
import { isShown, isWritten, type MonthKey, monthsOf, planMonth } from "./month-plan.ts";
import type { StateStore } from "./state-store.ts";

/** A month's index is there so long before the month begins. */
const AHEAD_MS = 2 * 86_400_000;

export interface UpkeepOptions {
  readonly indices: EventIndices;
  readonly enrichment: Enrichment;
  readonly states: StateStore;
  readonly now: () => number;
}

/**
 * The months in which something is to be done after a migration: unfinished ones, those in which events arrived, months that began since, and
 * all of them after a change of the breakdowns. Nothing before anybody has migrated.
 */
export async function monthsToKeepUp(options: UpkeepOptions): Promise<readonly MonthKey[]> {
  const listed = await options.indices.list();
  const kept: MonthKey[] = [];
  for (const key of monthsOf(listed)) {
    if (!isUnderMigration(key, listed)) continue;
    if (await isDue(key, listed, options)) kept.push(key);
  }
  return kept;
}

/** It has an index of ours, or began after the last that has one. */
function isUnderMigration({ type, month }: MonthKey, listed: readonly EventIndex[]): boolean {
  const own = ownMonths(type, listed);
  const last = own.toSorted().at(-1);
  return last !== undefined && (own.includes(month) || month > last);
}

function ownMonths(type: string, listed: readonly EventIndex[]): readonly string[] {
  return listed.filter((index) => index.type === type && index.configuration !== null).map(({ month }) => month);
}

async function isDue(
  key: MonthKey,
  listed: readonly EventIndex[],
  { indices, enrichment, states }: UpkeepOptions,
): Promise<boolean> {
  const names = namesOf(indices, key);
  const plan = planMonth(key, listed, { names, configuration: enrichment.configuration });
  const state = await states.read(key);
  const isSettled = state !== null && (state.phase === "verified" || state.phase === "retired");
  if (!isSettled || state.target !== plan.target || state.blocked.length > 0) return true;
  if (plan.existing === null || !isShown(plan, names) || hasNew(plan.sources, state.cursors)) return true;
  return isWritten(plan.existing, names);
}

/** Makes the enriched index of a month before the repository writes its first event, so that its name is an alias from the start. */
export async function prepareMonths({ indices, enrichment, now }: UpkeepOptions): Promise<readonly MonthKey[]> {
  const listed = await indices.list();
  const made: MonthKey[] = [];
  for (const type of EVENT_TYPES) {
    if (ownMonths(type, listed).length === 0) continue;
    for (const month of new Set([monthOf(now()), monthOf(now() + AHEAD_MS)])) {
      if (listed.some((index) => index.type === type && index.month === month)) continue;
      const key = { type, month };
      const { read, write } = namesOf(indices, key);
      const index = `${write}-v2.0.0`;
      await indices.create(index, enrichment);
      await indices.switchAliases([read, write].map((alias) => ({ kind: "add" as const, index, alias })));
      made.push(key);
    }
  }
  return made;
}
