import type { QueryPlan } from "../query/plan.ts";
import type { Representation } from "./negotiation.ts";

const MOST_PER_PLAN = 50;

/** Forms of answers that were chosen for a plan: browsers ask for the same in the same words. */
export class ChosenMemory {
  readonly #chosen = new WeakMap<QueryPlan, Map<string, Representation>>();

  /** @param wishes everything that the choice depends on beside the plan. */
  of(plan: QueryPlan, wishes: string, choose: () => Representation): Representation {
    const known = this.#chosen.get(plan) ?? new Map<string, Representation>();
    const found = known.get(wishes) ?? choose();
    if (known.size >= MOST_PER_PLAN) known.clear();
    known.set(wishes, found);
    this.#chosen.set(plan, known);
    return found;
  }
}
