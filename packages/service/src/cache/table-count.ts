import type { QueryPlan } from "../query/plan.ts";
import type { PlannedEntry } from "./answering.ts";

/** How many tables the answers may have, whatever numbers there are: the same request always gets the same kind of file. */
export function tableCount(entries: readonly PlannedEntry[]): number {
  return entries.reduce((sum, { plan }) => sum + tablesOf(plan), 0);
}

const MANY = 2;

function tablesOf(plan: QueryPlan): number {
  switch (plan.form) {
    case "series":
      return 1;
    case "category":
      return plan.categories.reduce((sum, { metrics }) => sum + metrics.length, 0);
    case "columns":
      return plan.plans.reduce((sum, { metrics }) => sum + metrics.length, 0);
    case "record-usage":
      return plan.usage.metrics.length;
    case "documents":
    case "composite":
    case "records":
      return MANY;
    default:
      return plan satisfies never;
  }
}
