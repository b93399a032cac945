import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { sortedText } from "./rules-text.ts";

/** How configured breakdowns differ from those of counted numbers; by name. Breakdowns that are off on both sides are none. */
export interface BreakdownChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Their values or labels come from elsewhere: they must be counted again. */
  readonly changed: readonly string[];
}

export function breakdownChange(before: readonly Breakdown[], after: readonly Breakdown[]): BreakdownChange {
  const [counted, wanted] = [before, after].map((breakdowns) => new Map(breakdowns.filter(isOn).map(named)));
  if (counted === undefined || wanted === undefined) return { added: [], removed: [], changed: [] };
  return {
    added: [...wanted.keys()].filter((name) => !counted.has(name)),
    removed: [...counted.keys()].filter((name) => !wanted.has(name)),
    changed: [...wanted].flatMap(([name, what]) => (counted.has(name) && counted.get(name) !== what ? [name] : [])),
  };
}

function isOn({ records, usage }: Breakdown): boolean {
  return records !== null || usage !== null;
}

/** What of a breakdown is counted. How many values a document lists, and whether shares can be summed, are told when it is asked for. */
function named({ name, records, usage, label, byFile }: Breakdown): readonly [name: string, counted: string] {
  const ofRecords = records === null ? null : records.sources;
  const ofUse = usage === null ? null : { ...usage, snapshot: null };
  return [name, sortedText({ ofRecords, ofUse, label, byFile: byFile === true })];
}
