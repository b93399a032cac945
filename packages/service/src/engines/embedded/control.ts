import type Database from "better-sqlite3";
import type { ControlStore, JobRun, Lease, LeaseInfo, RunState } from "../../engine/control-store.ts";
import { asShown } from "../../engine/job-runs.ts";

interface LeaseRow {
  readonly name: string;
  readonly owner: string;
  readonly token: number;
  readonly acquired: number;
  readonly expires: number;
}
interface RunRow {
  readonly id: number;
  readonly job: string;
  readonly owner: string;
  readonly started: number;
  readonly heartbeat: number;
  readonly ended: number | null;
  readonly state: RunState;
  readonly detail: string;
}

/** Leases, runs and settings in `control.sqlite`. */
export class EmbeddedControl implements ControlStore {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  async acquire(name: string, owner: string, ttlMs: number, now: number): Promise<Lease | null> {
    const token = this.#database
      .transaction(() => {
        const held = this.#lease(name);
        if (held !== undefined && held.expires > now) return null;
        this.#database.prepare("UPDATE meta SET value = value + 1 WHERE key = 'leaseToken'").run();
        const next = Number(this.#database.prepare("SELECT value FROM meta WHERE key = 'leaseToken'").pluck().get());
        this.#database
          .prepare("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?)")
          .run(name, owner, next, now, now + ttlMs);
        return next;
      })
      .immediate();
    if (token === null) return null;
    const started = performance.now();
    return {
      name,
      token,
      renew: async (ttl) => {
        const expires = now + (performance.now() - started) + ttl;
        const renew = this.#database.prepare("UPDATE lease SET expires = ? WHERE name = ? AND token = ?");
        return renew.run(expires, name, token).changes === 1;
      },
      release: async () => {
        this.#database.prepare("DELETE FROM lease WHERE name = ? AND token = ?").run(name, token);
      },
    };
  }

  async leases(now: number): Promise<readonly LeaseInfo[]> {
    const rows = this.#database.prepare("SELECT * FROM lease WHERE expires > ? ORDER BY name").all(now) as LeaseRow[];
    return rows.map(({ name, owner, token, acquired, expires }) => ({
      name,
      owner,
      token,
      acquiredAt: acquired,
      expiresAt: expires,
    }));
  }

  async clearLease(name: string): Promise<boolean> {
    return this.#database.prepare("DELETE FROM lease WHERE name = ?").run(name).changes > 0;
  }

  async startRun(job: string, owner: string, now: number): Promise<number> {
    const insert = this.#database.prepare(
      "INSERT INTO run (job, owner, started, heartbeat, ended, state, detail) VALUES (?, ?, ?, ?, NULL, 'running', '{}')",
    );
    return Number(insert.run(job, owner, now, now).lastInsertRowid);
  }

  async updateRun(id: number, detail: string, now: number): Promise<void> {
    this.#database.prepare("UPDATE run SET detail = ?, heartbeat = ? WHERE id = ?").run(detail, now, id);
  }

  async endRun(id: number, state: Exclude<RunState, "running">, detail: string, now: number): Promise<void> {
    this.#database
      .prepare("UPDATE run SET state = ?, detail = ?, heartbeat = ?, ended = ? WHERE id = ?")
      .run(state, detail, now, now, id);
  }

  async runs(job: string, limit: number, now: number): Promise<readonly JobRun[]> {
    const select = this.#database.prepare("SELECT * FROM run WHERE job = ? ORDER BY id DESC LIMIT ?");
    return (select.all(job, limit) as RunRow[]).map((row) => asShown(runOf(row), now));
  }

  async setting(key: string): Promise<string | null> {
    const value = this.#database.prepare("SELECT value FROM setting WHERE key = ?").pluck().get(key);
    return typeof value === "string" ? value : null;
  }

  async setSetting(key: string, value: string): Promise<void> {
    this.#database.prepare("INSERT OR REPLACE INTO setting VALUES (?, ?)").run(key, value);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  #lease(name: string): LeaseRow | undefined {
    return this.#database.prepare("SELECT * FROM lease WHERE name = ?").get(name) as LeaseRow | undefined;
  }
}

function runOf({ id, job, owner, started, heartbeat, ended, state, detail }: RunRow): JobRun {
  return { id, job, owner, startedAt: started, heartbeatAt: heartbeat, endedAt: ended, state, detail };
}
