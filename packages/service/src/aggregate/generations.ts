import { createHash } from "node:crypto";
import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Generation, RollupStore } from "../engine/rollup-store.ts";

/** Raise it whenever the same facts give other numbers, or rollups are packed otherwise. */
const RULES_REVISION = 2;

/** What can change a number beside the facts. */
export interface Rules {
  readonly breakdowns: readonly Breakdown[];
  /** Version of every list in use (robots, machines), by name. */
  readonly lists: Readonly<Record<string, string>>;
}

/** JSON text of the rules, the same for equal rules whatever the order of keys. */
function rulesText({ breakdowns, lists }: Rules): string {
  return JSON.stringify(sortedKeys({ revision: RULES_REVISION, breakdowns, lists }));
}

function ruleVersionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortedKeys(entry)]),
  );
}

/** The generation to work on, and the live one that it will replace (null where it is live itself, or is the first). */
export interface WorkingGeneration {
  readonly target: Generation;
  readonly replaces: Generation | null;
}

/**
 * Finds or makes the generation of these rules. The first of all is live at once; a later one is built beside the live one and
 * goes on where an interrupted run left it. Generations of yet other rules that were never finished are dropped.
 */
export async function workingGeneration(rollups: RollupStore, rules: Rules): Promise<WorkingGeneration> {
  const text = rulesText(rules);
  const version = ruleVersionOf(text);
  const generations = await rollups.generations();
  const live = generations.find((generation) => generation.live) ?? null;
  for (const { id, live: isLive, ruleVersion } of generations) {
    if (!isLive && ruleVersion !== version) await rollups.dropGeneration(id);
  }
  if (live?.ruleVersion === version) {
    await dropUnfinished(rollups, generations, version);
    return { target: live, replaces: null };
  }
  const begun = generations.find(({ ruleVersion, live: isLive }) => !isLive && ruleVersion === version);
  const target = begun ?? (await rollups.createGeneration(version, text));
  if (live === null && !target.live) await rollups.activate(target.id, null);
  return { target, replaces: live };
}

/** After a change of rules was taken back, what was begun under this version is older than what is live. */
async function dropUnfinished(
  rollups: RollupStore,
  generations: readonly Generation[],
  version: string,
): Promise<void> {
  for (const { id, live, ruleVersion } of generations) {
    if (!live && ruleVersion === version) await rollups.dropGeneration(id);
  }
}
