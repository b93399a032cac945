import type { Lease } from "./control-store.ts";

export interface Holding {
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly now: () => number;
}

/** Whether the lease is still ours, the clock asked as well: a process that slept through its lease is told nothing. */
export type Held = () => boolean;

/** A lease and what its holder knows of it. Who keeps the leases may be away for a moment; once it has run out, somebody else may hold it. */
export class HeldLease {
  readonly #holding: Holding;
  #renewedAt: number;
  #isLost = false;

  constructor(holding: Holding) {
    this.#holding = holding;
    this.#renewedAt = holding.now();
  }

  /** Told by a renewal; what was lost once stays lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  readonly isHeld: Held = () => !this.#isLost && !this.#hasRunOut();

  async renew(): Promise<void> {
    const { lease, ttlMs, now } = this.#holding;
    const at = now();
    const isKept = await lease.renew(ttlMs).catch(() => null);
    if (isKept === true) this.#renewedAt = at;
    else this.#isLost ||= isKept === false || this.#hasRunOut();
  }

  #hasRunOut(): boolean {
    const { ttlMs, now } = this.#holding;
    return now() - this.#renewedAt >= ttlMs;
  }
}

/**
 * Does the work while its lease is renewed, and gives the lease back. The work's signal ends with the one given, or when the lease is
 * found lost.
 */
export async function whileHeld<T>(
  { signal, ...holding }: Holding & { readonly signal: AbortSignal },
  work: (signal: AbortSignal, isHeld: Held) => Promise<T>,
): Promise<T> {
  const { lease, ttlMs } = holding;
  const held = new HeldLease(holding);
  const lost = new AbortController();
  const renew = async (): Promise<void> => {
    await held.renew();
    if (held.isLost) lost.abort(new Error(`The lease ${lease.name} was lost.`));
  };
  const renewal = setInterval(() => void renew(), ttlMs / 4);
  try {
    return await work(AbortSignal.any([signal, lost.signal]), held.isHeld);
  } finally {
    clearInterval(renewal);
    await giveBack(lease);
  }
}

/** What cannot be given back ends by itself soon; how the work ended is what has to be told. */
export async function giveBack(lease: Lease): Promise<void> {
  await lease.release().catch(() => undefined);
}
