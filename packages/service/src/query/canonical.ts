import type { QueryPlan, QueryRequest } from "./plan.ts";

/**
 * What decides an answer beside its scope and the numbers, as JSON with sorted names: the given parameters, the widgets to which it is
 * cut down, and the state of the record facts where it names records. Equal texts mean equal answers.
 */
export function canonicalParameters({ parameters }: QueryRequest, plan: QueryPlan, recordSeq: number | null): string {
  const cut = plan.form === "category" && plan.widgets !== null ? { widgets: plan.widgets } : {};
  const facts = recordSeq === null ? {} : { facts: recordSeq };
  const entries = Object.entries({ ...parameters, ...cut, ...facts }).filter(([name]) => !RESOLVED.has(name));
  return JSON.stringify(Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** What stands in the plan's scope and in the widgets. */
const RESOLVED = new Set(["community_id", "component_names", "optimize"]);
