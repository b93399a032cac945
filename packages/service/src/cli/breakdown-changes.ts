import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { countedBreakdowns } from "../query/rules.ts";
import type { CommandContext } from "./command.ts";

/** How the configured breakdowns differ from those that the live numbers were counted with. */
export interface BreakdownChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

const NONE: BreakdownChanges = { added: [], removed: [], changed: [] };

/** What the next aggregation would change; nothing where nothing is counted yet. */
export async function breakdownChanges(context: CommandContext): Promise<BreakdownChanges> {
  const { config } = context;
  // Looking must not make a data folder.
  if (config.engine === "embedded" && !existsSync(join(config.dataDir, "rollups.sqlite"))) return NONE;
  const { rollups } = await context.engine();
  const live = (await rollups.generations()).find((generation) => generation.live);
  const before = live === undefined ? null : countedBreakdowns(live.rules);
  return before === null ? NONE : changesBetween(before, config.breakdowns);
}

function changesBetween(before: readonly Breakdown[], after: readonly Breakdown[]): BreakdownChanges {
  const counted = new Map(before.filter(isOn).map((breakdown) => [breakdown.name, meaning(breakdown)]));
  const wanted = new Map(after.filter(isOn).map((breakdown) => [breakdown.name, meaning(breakdown)]));
  return {
    added: [...wanted.keys()].filter((name) => !counted.has(name)),
    removed: [...counted.keys()].filter((name) => !wanted.has(name)),
    changed: [...wanted]
      .filter(([name, text]) => counted.has(name) && counted.get(name) !== text)
      .map(([name]) => name),
  };
}

function isOn({ records, usage }: Breakdown): boolean {
  return records !== null || usage !== null;
}

/** The order of keys means nothing: what was counted comes from a text with sorted keys. */
function meaning(breakdown: Breakdown): string {
  return JSON.stringify(breakdown, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Empty where nothing changes. */
export function changeLines({ added, removed, changed }: BreakdownChanges): readonly string[] {
  const lines = [
    ...(added.length === 0 ? [] : [`  new: ${added.join(", ")}`]),
    ...(removed.length === 0 ? [] : [`  taken away: ${removed.join(", ")}`]),
    ...(changed.length === 0 ? [] : [`  changed: ${changed.join(", ")}`]),
  ];
  if (lines.length === 0) return [];
  return [
    "The breakdowns are not those of the stored numbers. The next aggregation counts anew, beside the numbers that are shown until it is done:",
    ...lines,
  ];
}
