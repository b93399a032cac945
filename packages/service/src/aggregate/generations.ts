import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Generation, RollupStore } from "../engine/rollup-store.ts";
import { breakdownChange, type BreakdownChange } from "./breakdown-change.ts";
import { breakdownsBefore, type Rules, writtenPart, type WrittenRules, writtenRules } from "./rules-text.ts";

/**
 * What a run works on. `whole`: the generation of the rules, and the live one that it will replace (null where it is live itself, or is
 * the first). `part`: only breakdowns are different; those that are new or changed are counted beside the live numbers.
 */
export type Working =
  | { readonly kind: "whole"; readonly target: Generation; readonly replaces: Generation | null }
  | PartOfNumbers;

export interface PartOfNumbers {
  readonly kind: "part";
  readonly live: Generation;
  /** Of the live numbers. */
  readonly before: readonly Breakdown[];
  readonly change: BreakdownChange;
  /** Where the new and the changed breakdowns are counted. */
  readonly side: Generation;
  /** That hold afterwards. */
  readonly rules: WrittenRules;
}

/**
 * Finds or makes what is to be worked on. What an interrupted run began under the same rules goes on where it was; what was begun under
 * yet other rules and never finished is dropped.
 */
export async function workingGeneration(rollups: RollupStore, rules: Rules): Promise<Working> {
  const wanted = writtenRules(rules);
  const live = (await rollups.generations()).find((generation) => generation.live) ?? null;
  const before = live === null ? null : await replaceable(rollups, live, rules);
  if (live?.ruleVersion === wanted.version) {
    await provide(rollups, null);
    return { kind: "whole", target: live, replaces: null };
  }
  if (live !== null && before !== null) return await partOf(rollups, { live, before, rules, wanted });
  const target = await provide(rollups, wanted);
  if (live === null) await rollups.activate(target.id, null);
  return { kind: "whole", target, replaces: live };
}

/** The breakdowns of live numbers that lack nothing but other breakdowns; null where all must be counted anew. */
async function replaceable(rollups: RollupStore, live: Generation, rules: Rules): Promise<readonly Breakdown[] | null> {
  const { updatedAt } = await rollups.progress(live.id);
  return updatedAt === null ? null : breakdownsBefore(live.rules, rules);
}

interface PartRequest {
  readonly live: Generation;
  readonly before: readonly Breakdown[];
  readonly rules: Rules;
  readonly wanted: WrittenRules;
}

async function partOf(rollups: RollupStore, { live, before, rules, wanted }: PartRequest): Promise<PartOfNumbers> {
  const change = breakdownChange(before, rules.breakdowns);
  const names = new Set([...change.added, ...change.changed]);
  const breakdowns = rules.breakdowns.filter(({ name }) => names.has(name));
  const place = { generation: live.id, ruleVersion: live.ruleVersion };
  const side = await provide(rollups, writtenPart({ ...rules, breakdowns }, place));
  return { kind: "part", live, before, change, side, rules: wanted };
}

async function provide(rollups: RollupStore, rules: WrittenRules): Promise<Generation>;
async function provide(rollups: RollupStore, rules: null): Promise<null>;
/** The unfinished generation of these rules; all other unfinished ones go. */
async function provide(rollups: RollupStore, rules: WrittenRules | null): Promise<Generation | null> {
  const unfinished = (await rollups.generations()).filter(({ live }) => !live);
  const begun = unfinished.find(({ ruleVersion }) => ruleVersion === rules?.version) ?? null;
  for (const { id } of unfinished) if (id !== begun?.id) await rollups.dropGeneration(id);
  if (rules === null || begun !== null) return begun;
  return await rollups.createGeneration(rules.version, rules.text);
}
