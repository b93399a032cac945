import type { Lease } from "../engine/control-store.ts";
import type { CommandContext } from "./command.ts";

export interface Holding extends Pick<CommandContext, "now" | "signal"> {
  readonly lease: Lease;
  readonly ttlMs: number;
}

/**
 * Does the work while its lease is renewed, and gives the lease back. The work's signal ends with the one given, or when the lease is
 * lost. Who keeps the leases may be away for a moment; once the lease has run out, somebody else may hold it.
 */
export async function whileHeld<T>(
  { lease, ttlMs, now, signal }: Holding,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  let renewedAt = now();
  const renew = async (): Promise<void> => {
    const at = now();
    const isHeld = await lease.renew(ttlMs).catch(() => null);
    if (isHeld === true) renewedAt = at;
    else if (isHeld === false || now() - renewedAt >= ttlMs) {
      lost.abort(new Error(`The lease ${lease.name} was lost.`));
    }
  };
  const renewal = setInterval(() => void renew(), ttlMs / 4);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}
