import type { EventIndex, EventIndices } from "../engine/event-indices.ts";
import { compareAll } from "./comparing.ts";
import { copyNew } from "./copying.ts";
import { isShown, type MonthPlan, retiring } from "./month-plan.ts";
import { type MonthWork, Pause } from "./month-work.ts";
import type { MonthState } from "./states.ts";

export interface Retirement {
  readonly work: MonthWork;
  readonly look: () => Promise<MonthPlan>;
  readonly state: () => MonthState;
  readonly change: (change: Partial<MonthState>) => Promise<void>;
}

/**
 * Removes the old indices of a month, and gives their name to the enriched one. Before that nothing can be written to them any more, what was
 * written is copied, and everything is compared again: what is removed is what was compared. Where it does not fit, they stay, and take writes.
 */
export async function retireSources(retirement: Retirement): Promise<void> {
  const { work, look, change } = retirement;
  const free = (await look()).sources.filter(({ isBlocked }) => !isBlocked);
  await change({ blocked: free.map(({ name }) => name) });
  let isRemoved = false;
  try {
    for (const { name } of free) await work.indices.block(name, true);
    const plan = await lastLook(retirement);
    await work.admit("compare");
    await work.indices.switchAliases(retiring(plan, work.names));
    isRemoved = true;
  } finally {
    if (isRemoved) await change({ blocked: [] });
    else await unblock(retirement, await look());
  }
}

export async function unblock({ work, state, change }: Omit<Retirement, "look">, plan: MonthPlan): Promise<void> {
  const { blocked } = state();
  if (blocked.length === 0) return;
  await letWritesIn(work.indices, blocked, plan.sources);
  await change({ blocked: [] });
}

/** Lets writes in again where a run of ours that did not end had refused them, in those that are still there. */
export async function letWritesIn(
  indices: EventIndices,
  blocked: readonly string[],
  there: readonly EventIndex[],
): Promise<void> {
  for (const { name } of there) if (blocked.includes(name)) await indices.block(name, false);
}

async function lastLook({ work, look, state, change }: Retirement): Promise<MonthPlan> {
  const plan = await look();
  const save = (cursors: Pick<MonthState, "cursors" | "copied">) => change(cursors);
  await copyNew(work, plan, { from: state(), save });
  const { repaired, surplus } = await compareAll(work, plan, { cursors: state().cursors });
  if (repaired > 0 || surplus > 0) {
    throw new Pause(
      `${repaired + surplus} events of ${plan.target} differed; its old indices stay, and are compared again next time`,
    );
  }
  if (!isShown(plan, work.names)) throw new Pause(`readers do not see ${plan.target}; its old indices stay`);
  return plan;
}
