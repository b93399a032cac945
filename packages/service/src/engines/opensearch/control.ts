import type { Redis } from "ioredis";
import { z } from "zod";
import type { ControlStore, JobRun, Lease, LeaseInfo, RunState } from "../../engine/control-store.ts";
import { asShown } from "../../engine/job-runs.ts";
import { RedisUnreachableError } from "../../engine/search-errors.ts";
import { changeDocument, getDocument, nextNumber, putDocument } from "./documents.ts";
import type { Fence } from "./fence.ts";
import { allHits } from "./hits.ts";
import type { IndexNames } from "./names.ts";
import type { Json, Requests } from "./requests.ts";

/** The hash of leases holds one JSON text per name; a script changes it, so that two can never hold one. */
const ACQUIRE = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and cjson.decode(held).expiresAt > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`;
/** A lease that Redis forgot when it was started anew is still the holder's: whoever took one in between has a greater token, which fences. */
const RENEW = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and cjson.decode(held).token ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;
const RELEASE = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and cjson.decode(held).token == tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1`;
/** Nobody's: it stays in the place of a lease, so that one that was given up or taken away is not one that Redis forgot. */
const CLEAR = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held or cjson.decode(held).expiresAt == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`;

const leaseSchema = z.object({
  name: z.string(),
  owner: z.string(),
  token: z.number(),
  acquiredAt: z.number(),
  expiresAt: z.number(),
});
const runSchema = z.object({
  id: z.number(),
  job: z.string(),
  owner: z.string(),
  startedAt: z.number(),
  heartbeatAt: z.number(),
  endedAt: z.number().nullable(),
  state: z.enum(["running", "done", "partial", "failed", "interrupted"]) satisfies z.ZodType<RunState>,
  detail: z.string(),
});
const MOST_RUNS = 1000;

export interface ControlParts {
  readonly requests: Requests;
  readonly redis: Redis;
  readonly names: IndexNames;
  readonly fence: Fence;
}

/** Leases in Redis; runs and settings, which must outlive it, in the index of facts. Tokens too: they must grow for ever. */
export class OpenSearchControl implements ControlStore {
  readonly #requests: Requests;
  readonly #redis: Redis;
  readonly #index: string;
  readonly #key: string;
  readonly #fence: Fence;

  constructor({ requests, redis, names, fence }: ControlParts) {
    this.#requests = requests;
    this.#redis = redis;
    this.#index = names.facts;
    this.#key = `${names.keys}leases`;
    this.#fence = fence;
  }

  async acquire(name: string, owner: string, ttlMs: number, now: number): Promise<Lease | null> {
    const held = (await this.leases(now)).some((lease) => lease.name === name);
    if (held) return null;
    const token = await nextNumber(this.#requests, this.#index, "counter/leases");
    const lease: LeaseInfo = { name, owner, token, acquiredAt: now, expiresAt: now + ttlMs };
    const taken = await this.#ask("for a lease", () =>
      this.#redis.eval(ACQUIRE, 1, this.#key, name, JSON.stringify(lease), now),
    );
    if (taken !== 1) return null;
    this.#fence.raise(token);
    return this.#leaseOf(lease, performance.now());
  }

  #leaseOf(lease: LeaseInfo, started: number): Lease {
    const { name, token, acquiredAt } = lease;
    return {
      name,
      token,
      renew: async (ttl) => {
        const expiresAt = acquiredAt + (performance.now() - started) + ttl;
        const text = JSON.stringify({ ...lease, expiresAt });
        return (
          (await this.#ask("to renew a lease", () => this.#redis.eval(RENEW, 1, this.#key, name, token, text))) === 1
        );
      },
      release: async () => {
        await this.#ask("to release a lease", () =>
          this.#redis.eval(RELEASE, 1, this.#key, name, token, nobodys(name)),
        );
      },
    };
  }

  async leases(now: number): Promise<readonly LeaseInfo[]> {
    const stored = await this.#ask("for its leases", () => this.#redis.hgetall(this.#key));
    const leases = Object.values(stored).map((text) => leaseSchema.parse(JSON.parse(text)));
    return leases.filter(({ expiresAt }) => expiresAt > now).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async clearLease(name: string): Promise<boolean> {
    const clear = () => this.#redis.eval(CLEAR, 1, this.#key, name, nobodys(name));
    return (await this.#ask("to clear a lease", clear)) === 1;
  }

  async startRun(job: string, owner: string, now: number): Promise<number> {
    const id = await nextNumber(this.#requests, this.#index, "counter/runs");
    const run: JobRun = {
      id,
      job,
      owner,
      startedAt: now,
      heartbeatAt: now,
      endedAt: null,
      state: "running",
      detail: "{}",
    };
    await putDocument(this.#requests, this.#index, { id: runId(id), source: runSource(run) });
    return id;
  }

  async updateRun(id: number, detail: string, now: number): Promise<void> {
    await this.#changeRun(id, { detail, heartbeatAt: now });
  }

  async endRun(id: number, state: Exclude<RunState, "running">, detail: string, now: number): Promise<void> {
    await this.#changeRun(id, { state, detail, heartbeatAt: now, endedAt: now });
  }

  async #changeRun(id: number, change: Partial<JobRun>): Promise<void> {
    await changeDocument(this.#requests, { index: this.#index, id: runId(id) }, (source) => {
      return source === null ? null : runSource({ ...runSchema.parse(source["line"]), ...change });
    });
  }

  async runs(job: string, limit: number, now: number): Promise<readonly JobRun[]> {
    await this.#requests.refresh(this.#index);
    const filter = [{ term: { t: "run" } }, { term: { kind: job } }];
    const body = { query: { bool: { filter } }, sort: [{ version: "desc" }] };
    const pageSize = Math.min(limit, MOST_RUNS);
    const hits = await allHits(this.#requests, { index: this.#index, body, pageSize, most: pageSize });
    return hits.map(({ source }) => asShown(runSchema.parse(source["line"]), now));
  }

  async setting(key: string): Promise<string | null> {
    const found = await getDocument(this.#requests, this.#index, settingId(key));
    return found === null ? null : z.object({ value: z.string() }).parse(found.source["line"]).value;
  }

  async setSetting(key: string, value: string): Promise<void> {
    await putDocument(this.#requests, this.#index, { id: settingId(key), source: { t: "setting", line: { value } } });
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await Promise.resolve();
  }

  async #ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new RedisUnreachableError(what, error);
    }
  }
}

function nobodys(name: string): string {
  const nobody: LeaseInfo = { name, owner: "", token: 0, acquiredAt: 0, expiresAt: 0 };
  return JSON.stringify(nobody);
}

function runSource(run: JobRun): Json {
  return { t: "run", kind: run.job, version: run.id, line: run };
}

function runId(id: number): string {
  return `run/${id}`;
}

function settingId(key: string): string {
  return `setting/${key}`;
}
