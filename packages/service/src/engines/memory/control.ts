import type { ControlStore, JobRun, Lease, LeaseInfo, RunState } from "../../engine/control-store.ts";
import { asShown } from "../../engine/job-runs.ts";

/** Leases, runs and settings of one process. */
export class MemoryControl implements ControlStore {
  readonly #clock: () => number;
  readonly #leases = new Map<string, LeaseInfo>();
  readonly #runs: JobRun[] = [];
  readonly #settings = new Map<string, string>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  // oxlint-disable-next-line eslint/max-params -- the port's signature
  async acquire(name: string, owner: string, ttlMs: number, now: number): Promise<Lease | null> {
    const held = this.#leases.get(name);
    if (held !== undefined && held.expiresAt > now) return null;
    const token = (held?.token ?? 0) + 1;
    this.#leases.set(name, { name, owner, token, acquiredAt: now, expiresAt: now + ttlMs });
    return {
      name,
      token,
      renew: async (ttl) => this.#extend(name, token, this.#clock() + ttl),
      release: async () => void this.#extend(name, token, FREE),
    };
  }

  /** False when the lease belongs to a later holder, or was cleared. */
  #extend(name: string, token: number, expiresAt: number): boolean {
    const held = this.#leases.get(name);
    if (held === undefined || held.token !== token || held.expiresAt === FREE) return false;
    this.#leases.set(name, { ...held, expiresAt });
    return true;
  }

  async leases(now: number): Promise<readonly LeaseInfo[]> {
    const held = Array.from(this.#leases.values()).filter((lease) => lease.expiresAt > now);
    return held.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async clearLease(name: string): Promise<boolean> {
    const held = this.#leases.get(name);
    return held !== undefined && this.#extend(name, held.token, FREE);
  }

  async startRun(job: string, owner: string, now: number): Promise<number> {
    const id = this.#runs.length + 1;
    const state: RunState = "running";
    this.#runs.push({ id, job, owner, startedAt: now, heartbeatAt: now, endedAt: null, state, detail: "{}" });
    return id;
  }

  async updateRun(id: number, detail: string, now: number): Promise<void> {
    this.#change(id, { detail, heartbeatAt: now });
  }

  // oxlint-disable-next-line eslint/max-params -- the port's signature
  async endRun(id: number, state: Exclude<RunState, "running">, detail: string, now: number): Promise<void> {
    this.#change(id, { state, detail, heartbeatAt: now, endedAt: now });
  }

  #change(id: number, change: Partial<JobRun>): void {
    const run = this.#runs[id - 1];
    if (run !== undefined) this.#runs[id - 1] = { ...run, ...change };
  }

  async runs(job: string, limit: number, now: number): Promise<readonly JobRun[]> {
    const ofJob = this.#runs.filter((run) => run.job === job).toReversed();
    return ofJob.slice(0, limit).map((run) => asShown(run, now));
  }

  setting = async (key: string): Promise<string | null> => this.#settings.get(key) ?? null;

  async setSetting(key: string, value: string): Promise<void> {
    this.#settings.set(key, value);
  }

  close = async () => undefined;
}

/** Expiry of a lease that nobody holds; its token is kept, so that the next one is greater. */
const FREE = Number.NEGATIVE_INFINITY;
