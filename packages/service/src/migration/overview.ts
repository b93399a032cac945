import type { ControlStore } from "../engine/control-store.ts";
import type { Enrichment, EventIndex, EventIndices } from "../engine/event-indices.ts";
import { leaseName } from "./month-lease.ts";
import { namesOf } from "./migration.ts";
import { isShown, type MonthKey, monthsOf, planAnew, planMonth } from "./month-plan.ts";
import { StateStore } from "./state-store.ts";
import type { MonthState, Phase } from "./states.ts";

/** Where one month is, for people. */
export interface MonthOverview extends MonthKey {
  /** `interrupted`: a run began and nobody works on it. */
  readonly phase: Phase | "not started" | "interrupted";
  readonly reason: string | null;
  readonly sources: readonly { readonly index: string; readonly events: number }[];
  readonly target: string;
  /** Of the source that has most; or of the target, where readers see more in it. */
  readonly events: number;
  readonly migrated: number;
  readonly remaining: number;
  /** Readers see the enriched index. */
  readonly shown: boolean;
  readonly state: MonthState | null;
}

export interface OverviewOptions {
  readonly indices: EventIndices;
  readonly control: ControlStore;
  readonly enrichment: Enrichment;
  readonly now: number;
  /** As months would begin anew. */
  readonly isFresh?: boolean;
}

/** All months that have an index, whatever has become of them. */
export async function overview({
  indices,
  control,
  enrichment,
  now,
  isFresh = false,
}: OverviewOptions): Promise<readonly MonthOverview[]> {
  const listed = await indices.list();
  const states = new StateStore(control);
  const held = new Set((await control.leases(now)).map(({ name }) => name));
  const rows: MonthOverview[] = [];
  for (const key of monthsOf(listed)) {
    const names = namesOf(indices, key);
    const planned = { names, configuration: enrichment.configuration };
    const plan = isFresh ? planAnew(key, listed, planned).plan : planMonth(key, listed, planned);
    const state = isFresh ? null : await states.read(key);
    const migrated = plan.existing?.count ?? 0;
    const shown = isShown(plan, names);
    const events = Math.max(shown ? migrated : 0, ...plan.sources.map(({ count }) => count));
    rows.push({
      ...key,
      phase: phaseOf(plan, state, held.has(leaseName(key))),
      reason: state?.target === plan.target ? state.reason : null,
      sources: plan.sources.map(({ name, count }: EventIndex) => ({ index: name, events: count })),
      target: plan.target,
      events,
      migrated,
      remaining: Math.max(0, events - migrated),
      shown,
      state,
    });
  }
  return rows;
}

const AT_WORK: ReadonlySet<Phase> = new Set(["running", "verifying", "cut-over", "draining"]);

function phaseOf(
  { target, existing, sources }: ReturnType<typeof planMonth>,
  state: MonthState | null,
  isHeld: boolean,
): MonthOverview["phase"] {
  if (state === null || state.target !== target) {
    return existing !== null && sources.length === 0 ? "retired" : "not started";
  }
  return AT_WORK.has(state.phase) && !isHeld ? "interrupted" : state.phase;
}
