import type { ControlStore, JobRun, Lease, LeaseInfo } from "../../engine/control-store.ts";

const STALE_MS = 120_000;

/** Leases and runs of one process. */
export class MemoryControl implements ControlStore {
  readonly #leases = new Map<string, LeaseInfo & { readonly ttlMs: number }>();
  readonly #runs: JobRun[] = [];
  readonly #settings = new Map<string, string>();
  #token = 0;
  #now = 0;

  async acquire(name: string, owner: string, ttlMs: number, now: number): Promise<Lease | null> {
    this.#now = now;
    const held = this.#leases.get(name);
    if (held !== undefined && held.expiresAt > now) return null;
    const token = ++this.#token;
    this.#leases.set(name, { name, owner, token, acquiredAt: now, expiresAt: now + ttlMs, ttlMs });
    return {
      name,
      token,
      renew: async (ttl) => this.#renew(name, token, ttl),
      release: async () => this.#release(name, token),
    };
  }

  async leases(now: number): Promise<readonly LeaseInfo[]> {
    return [...this.#leases.values()].filter((lease) => lease.expiresAt > now);
  }

  async clearLease(name: string): Promise<boolean> {
    return this.#leases.delete(name);
  }

  async startRun(job: string, owner: string, now: number): Promise<number> {
    const id = this.#runs.length + 1;
    this.#runs.push({
      id,
      job,
      owner,
      startedAt: now,
      heartbeatAt: now,
      endedAt: null,
      state: "running",
      detail: "{}",
    });
    return id;
  }

  async updateRun(id: number, detail: string, now: number): Promise<void> {
    this.#change(id, { detail, heartbeatAt: now });
  }

  async endRun(id: number, state: Exclude<JobRun["state"], "running">, detail: string, now: number): Promise<void> {
    this.#change(id, { state, detail, endedAt: now, heartbeatAt: now });
  }

  async runs(job: string, limit: number, now: number): Promise<readonly JobRun[]> {
    return this.#runs
      .filter((run) => run.job === job)
      .toReversed()
      .slice(0, limit)
      .map((run) =>
        run.state === "running" && now - run.heartbeatAt > STALE_MS ? { ...run, state: "interrupted" } : run,
      );
  }

  async setting(key: string): Promise<string | null> {
    return this.#settings.get(key) ?? null;
  }

  async setSetting(key: string, value: string): Promise<void> {
    this.#settings.set(key, value);
  }

  async close(): Promise<void> {
    this.#leases.clear();
  }

  #renew(name: string, token: number, ttlMs: number): boolean {
    const lease = this.#leases.get(name);
    if (lease === undefined || lease.token !== token) return false;
    // Nobody else runs in this process while we do, so the lease is extended from where it stood.
    this.#leases.set(name, { ...lease, expiresAt: Math.max(lease.expiresAt, this.#now) + ttlMs });
    return true;
  }

  #release(name: string, token: number): void {
    if (this.#leases.get(name)?.token === token) this.#leases.delete(name);
  }

  #change(id: number, changes: Partial<JobRun>): void {
    const run = this.#runs[id - 1];
    if (run === undefined) throw new RangeError(`there is no run ${id}`);
    this.#runs[id - 1] = { ...run, ...changes };
  }
}
