/** A lease on a name: at most one holder at a time; a holder that dies loses it when it expires. */
export interface Lease {
  readonly name: string;
  /** Grows with every holder: a write fenced by an older token is refused. */
  readonly token: number;
  /** Extends the lease. False when it was lost. */
  renew(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}
export interface LeaseInfo {
  readonly name: string;
  readonly owner: string;
  readonly token: number;
  readonly acquiredAt: number;
  readonly expiresAt: number;
}

export type RunState = "running" | "done" | "partial" | "failed" | "interrupted";
/** One run of a job, kept for `status` and the dashboard. Times are epoch milliseconds. */
export interface JobRun {
  readonly id: number;
  readonly job: string;
  readonly owner: string;
  readonly startedAt: number;
  readonly heartbeatAt: number;
  readonly endedAt: number | null;
  readonly state: RunState;
  /** JSON text: progress while running, the report afterwards. */
  readonly detail: string;
}

/** Leases, runs and small settings. Times are passed in. */
export interface ControlStore {
  /** Null when someone else holds it. `owner` names process and host for people. */
  acquire(name: string, owner: string, ttlMs: number, now: number): Promise<Lease | null>;
  leases(now: number): Promise<readonly LeaseInfo[]>;
  clearLease(name: string): Promise<boolean>;

  startRun(job: string, owner: string, now: number): Promise<number>;
  updateRun(id: number, detail: string, now: number): Promise<void>;
  endRun(id: number, state: Exclude<RunState, "running">, detail: string, now: number): Promise<void>;
  /** Newest first. A running run whose heartbeat is older than two minutes is shown as interrupted. */
  runs(job: string, limit: number, now: number): Promise<readonly JobRun[]>;

  setting(key: string): Promise<string | null>;
  setSetting(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
