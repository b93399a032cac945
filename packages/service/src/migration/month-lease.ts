import { takeLease } from "../aggregate/aggregation-lease.ts";
import { type Held, whileHeld } from "../engine/held-lease.ts";
import type { ControlStore } from "../engine/control-store.ts";
import { keyText, type MonthKey } from "./month-plan.ts";

const TTL_MS = 60_000;
/** Who cancels is asked before each batch, beside the lease. */
const NEVER = new AbortController().signal;

export interface LeaseOptions {
  readonly control: ControlStore;
  readonly owner: string;
  readonly now: () => number;
}

export function leaseName(key: MonthKey): string {
  return `community_stats_migration ${keyText(key)}`;
}

/** Does the work as the only one who works on this month; null when somebody else does. */
export async function aloneOn<T>(
  { control, owner, now }: LeaseOptions,
  key: MonthKey,
  work: (isHeld: Held) => Promise<T>,
): Promise<T | null> {
  const lease = await takeLease(control, { owner, now: now(), ttlMs: TTL_MS, name: leaseName(key) });
  if (lease === null) return null;
  return await whileHeld({ lease, ttlMs: TTL_MS, now, signal: NEVER }, (_, isHeld) => work(isHeld));
}
