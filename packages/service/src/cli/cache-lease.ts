import { leaseHolder, takeLease } from "../aggregate/aggregation-lease.ts";
import { whileHeld } from "../engine/held-lease.ts";
import { type CommandContext, EXIT, type ExitCode } from "./command.ts";
import { LEASE_TTL_MS, workSignal } from "./lock.ts";

/**
 * Does the work while it alone holds the lease of the cache, unless that lock is switched off; code 4 where another process does. The work's signal ends with the
 * program's, or when the lease is lost.
 */
export async function holdingLease(
  context: CommandContext,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { owner, now, stderr } = context;
  const lock = context.config.locks.caching;
  const signal = workSignal(context, lock);
  if (!lock.enabled) return await work(signal);
  const { control } = await context.engine();
  const lease = await takeLease(control, { owner, now: now(), ttlMs: LEASE_TTL_MS, name: lock.name });
  if (lease === null) {
    const holder = await leaseHolder(control, now(), lock.name);
    stderr.write(`The cache is being filled by another process (${holder?.owner ?? "unknown"}); nothing was done.\n`);
    return EXIT.held;
  }
  return await whileHeld({ lease, ttlMs: LEASE_TTL_MS, now, signal }, work);
}
