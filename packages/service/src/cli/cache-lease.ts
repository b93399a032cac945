import { leaseHolder, takeLease } from "../aggregate/aggregation-lease.ts";
import { type CommandContext, EXIT, type ExitCode } from "./command.ts";

/** The original's name of its lock. */
export const CACHE_LEASE = "community_stats_cache_generation";
const TTL_MS = 120_000;
const RENEW_MS = 30_000;

/**
 * Does the work while it alone holds the lease of the cache; code 4 where another process does. The work's signal ends with the
 * program's, or when the lease is lost.
 */
export async function holdingLease(
  context: CommandContext,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { owner, now, stderr, signal } = context;
  const { control } = await context.engine();
  const lease = await takeLease(control, { owner, now: now(), ttlMs: TTL_MS, name: CACHE_LEASE });
  if (lease === null) {
    const holder = await leaseHolder(control, now(), CACHE_LEASE);
    stderr.write(`The cache is being filled by another process (${holder?.owner ?? "unknown"}); nothing was done.\n`);
    return EXIT.held;
  }
  const lost = new AbortController();
  const renewal = setInterval(() => {
    lease.renew(TTL_MS).then(
      (held) => (held ? undefined : lost.abort(new Error("the lease was lost"))),
      (error: unknown) => lost.abort(error),
    );
  }, RENEW_MS);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}
