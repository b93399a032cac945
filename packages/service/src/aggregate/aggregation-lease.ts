import { hostname } from "node:os";
import type { ControlStore, Lease, LeaseInfo } from "../engine/control-store.ts";

export const AGGREGATION_LEASE = "community_stats_aggregation";

export interface LeaseRequest {
  readonly owner: string;
  readonly now: number;
  readonly ttlMs: number;
  /** By default that of aggregation. */
  readonly name?: string;
}

/** Null when another run holds the lease. A holder on this machine whose process is gone has lost it at once. */
export async function takeLease(control: ControlStore, request: LeaseRequest): Promise<Lease | null> {
  const { owner, now, ttlMs, name = AGGREGATION_LEASE } = request;
  const lease = await control.acquire(name, owner, ttlMs, now);
  if (lease !== null) return lease;
  const holder = await leaseHolder(control, now, name);
  if (holder !== null && isOwnerGone(holder.owner) !== true) return null;
  await control.clearLease(name);
  return await control.acquire(name, owner, ttlMs, now);
}

export async function leaseHolder(
  control: ControlStore,
  now: number,
  name: string = AGGREGATION_LEASE,
): Promise<LeaseInfo | null> {
  return (await control.leases(now)).find((lease) => lease.name === name) ?? null;
}

/** Whether the process of an owner ("host:pid") has ended; null where that cannot be known from here. */
export function isOwnerGone(owner: string): boolean | null {
  const at = owner.lastIndexOf(":");
  const pid = Number(owner.slice(at + 1));
  if (owner.slice(0, at) !== hostname() || !Number.isInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
