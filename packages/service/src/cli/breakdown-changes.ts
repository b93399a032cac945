import { existsSync } from "node:fs";
import { join } from "node:path";
import { breakdownChange, type BreakdownChange } from "../aggregate/breakdown-change.ts";
import { breakdownsBefore } from "../aggregate/rules-text.ts";
import type { CommandContext } from "./command.ts";

/** How the configured breakdowns differ from those that the live numbers were counted with. */
export interface BreakdownChanges extends BreakdownChange {
  /** Other rules than those of breakdowns changed as well: everything is counted anew. */
  readonly everything: boolean;
}

const NONE: BreakdownChanges = { added: [], removed: [], changed: [], everything: false };

/** What the next aggregation would change; nothing where nothing is counted yet. */
export async function breakdownChanges(context: CommandContext): Promise<BreakdownChanges> {
  const { config } = context;
  // Looking must not make a data folder.
  if (config.engine === "embedded" && !existsSync(join(config.dataDir, "rollups.sqlite"))) return NONE;
  const { rollups } = await context.engine();
  const live = (await rollups.generations()).find((generation) => generation.live);
  if (live === undefined) return NONE;
  const before = breakdownsBefore(live.rules, { breakdowns: config.breakdowns, lists: {} });
  if (before === null) return { ...NONE, everything: true };
  return { ...breakdownChange(before, config.breakdowns), everything: false };
}

/** Empty where nothing changes. */
export function changeLines({ added, removed, changed, everything }: BreakdownChanges): readonly string[] {
  if (everything) {
    return [
      "The rules of this release are not those of the stored numbers. The next aggregation counts everything anew, beside the numbers that are shown until it is done.",
    ];
  }
  const lines = [
    ...(added.length === 0 ? [] : [`  new, to be counted: ${added.join(", ")}`]),
    ...(removed.length === 0 ? [] : [`  taken away: ${removed.join(", ")}`]),
    ...(changed.length === 0 ? [] : [`  changed, to be counted again: ${changed.join(", ")}`]),
  ];
  if (lines.length === 0) return [];
  return [
    "The breakdowns are not those of the stored numbers. The next aggregation changes these and nothing else; until it is done, the numbers of before are shown:",
    ...lines,
  ];
}
