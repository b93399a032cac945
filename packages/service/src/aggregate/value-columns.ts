import { createHash } from "node:crypto";
import type { Breakdown, LabelShape, UsageSide, ValueSource } from "@community-stats/contract/breakdowns.ts";

/** Which values of a record one column of the history holds. */
export interface ValuePlan {
  readonly breakdown: string;
  readonly side: "records" | "usage" | "both";
  readonly sources: readonly ValueSource[];
  readonly label: LabelShape;
  /** The values are the types of the record's files, as ingest took them down. */
  readonly byFile: boolean;
}

/** One column where both sides of a breakdown read the same fields, else one for each side that reads any. */
export function valuePlans(breakdowns: readonly Breakdown[]): readonly ValuePlan[] {
  return breakdowns.flatMap((breakdown): readonly ValuePlan[] => {
    const records = breakdown.records?.sources ?? null;
    const usage = usageSources(breakdown.usage);
    const plan = { breakdown: breakdown.name, label: breakdown.label, byFile: breakdown.byFile === true };
    const plans: ValuePlan[] = [];
    const isSame = records !== null && usage !== null && (plan.byFile || isEqual(records, usage));
    if (records !== null) plans.push({ ...plan, side: isSame ? "both" : "records", sources: records });
    if (usage !== null && !isSame) plans.push({ ...plan, side: "usage", sources: usage });
    return plans;
  });
}

function isEqual(a: readonly ValueSource[], b: readonly ValueSource[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function usageSources(usage: UsageSide | null): readonly ValueSource[] | null {
  return usage === null || usage.from === "event" ? null : usage.sources;
}

/** Raise it when `ValueReader` or the coding of extracts changes. */
const EXTRACT_VERSION = 1;

/** Names what extracts hold: extracts of another definition are never used. */
export function extractDefinition(plans: readonly ValuePlan[]): string {
  return createHash("sha256")
    .update(JSON.stringify([EXTRACT_VERSION, plans]))
    .digest("hex")
    .slice(0, 32);
}
