import { takeLease } from "../aggregate/aggregation-lease.ts";
import type { ControlStore } from "../engine/control-store.ts";
import { keyText, type MonthKey } from "./month-plan.ts";

const TTL_MS = 60_000;
const RENEW_MS = 15_000;

export interface LeaseOptions {
  readonly control: ControlStore;
  readonly owner: string;
  readonly now: () => number;
}

/** Whether the lease is still ours. */
export type Held = () => boolean;

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
  let isHeld = true;
  let renewedAt = now();
  const renew = async (): Promise<void> => {
    const kept = await lease.renew(TTL_MS);
    isHeld &&= kept;
    if (kept) renewedAt = now();
  };
  // Redis may come back before the lease ends; after that somebody else may hold it.
  const renewal = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
  try {
    return await work(() => isHeld && now() - renewedAt < TTL_MS);
  } finally {
    clearInterval(renewal);
    await lease.release().catch(() => undefined);
  }
}
