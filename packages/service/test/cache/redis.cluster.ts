import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CacheFile } from "../../src/cache/cache-file.ts";
import { type CacheSubject, keyText } from "../../src/cache/cache-key.ts";
import type { EntryFilter, StoredAnswer } from "../../src/cache/kept-answers.ts";
import { RedisAnswers, type RedisAnswersOptions } from "../../src/cache/redis-answers.ts";
import { cacheClearItemCommand } from "../../src/cli/cache-clear.ts";
import { cacheGenerateCommand } from "../../src/cli/cache-generate.ts";
import { cacheInfoCommand } from "../../src/cli/cache-show.ts";
import { cacheTestCommand } from "../../src/cli/cache-test.ts";
import type { Command } from "../../src/cli/command.ts";
import { loadConfig } from "../../src/config/config.ts";
import { Secret } from "../../src/config/secret.ts";
import { openCacheWorld, present, type CacheServer, type CacheWorld } from "./world.ts";

/** A Redis of this file alone: it is stopped now and then. */
interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}
const { startRedis }: { readonly startRedis: () => Promise<Server> } = await import(
  new URL("../../../../scripts/redis.mjs", import.meta.url).href
);

const DB = 3;
const TTL_MS = 60_000;
let server: Server;
let redis: Redis;
let now = 0;
let warnings: string[] = [];
const opened: RedisAnswers[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { db: DB });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  now = 1_000_000;
  warnings = [];
  await redis.flushdb();
});
afterEach(async () => {
  for (const kept of opened.splice(0)) await kept.close();
});

function open(more: Partial<RedisAnswersOptions> = {}): RedisAnswers {
  const kept = new RedisAnswers({
    url: new Secret(server.url),
    db: DB,
    prefix: "stats_dashboard:mine-:",
    ttlMs: TTL_MS,
    maxBytes: 1 << 20,
    busyMs: 1000,
    now: () => now,
    warn: (what) => void warnings.push(what),
    ...more,
  });
  opened.push(kept);
  return kept;
}

const FRESHNESS = {
  asOf: null,
  ruleVersion: "r",
  firstDay: null,
  updatedAt: null,
  missingDays: [],
  incompleteDays: [],
};

function answer(subject: Partial<CacheSubject>, { bytes = 100, state = "now" } = {}): StoredAnswer {
  const whole = { scope: "global", query: "q", from: "", to: "", parameters: "", format: "json", ...subject };
  const moment = { state, setup: "x" };
  const known = { hash: "h", freshness: FRESHNESS, encoding: "br", contentBytes: 2 * bytes } as const;
  return { key: keyText(whole, moment), subject: whole, moment, ...known, body: Buffer.alloc(bytes, 7) };
}

const numbered = (n: number, more: Parameters<typeof answer>[1] = {}) => answer({ parameters: `n=${n}` }, more);

const DAYS = { from: "2024-01-01", to: "2024-12-31" };
const SUBJECTS = ["c1", "global", "c(1"].flatMap((scope) =>
  ["usage", "record"].flatMap((query) =>
    ["", "date_basis=created&metrics=views", "metrics=date_basis"].flatMap((parameters) => [
      { scope, query, parameters, format: "csv" },
      { scope, query, parameters, ...DAYS },
    ]),
  ),
);

describe("answers in Redis", () => {
  it("are found by another process, byte for byte, until they are removed", async () => {
    const one = numbered(1);
    const [kept, other] = [open(), open()];
    expect([await kept.put(one), await other.has(one.key)]).toEqual([true, true]);
    const { hash, freshness, encoding, contentBytes, body } = one;
    expect(await other.get(one.key)).toEqual({ hash, freshness, encoding, contentBytes, body });
    await other.remove(one.key);
    expect([await kept.get(one.key), await kept.has(one.key), await redis.get("stats_dashboard:mine-:bytes")]).toEqual([
      null,
      false,
      "0",
    ]);
  });

  it("hold no damaged body", async () => {
    const kept = open();
    await kept.put(numbered(1));
    await redis.hset(`stats_dashboard:mine-:answer:${numbered(1).key}`, "body", "damaged");
    expect([await kept.get(numbered(1).key), await kept.has(numbered(1).key)]).toEqual([null, false]);
  });

  it("stay below the limit: what was not used for longest goes, and what is too large is not kept", async () => {
    const kept = open({ maxBytes: 1000, ttlMs: 3_600_000 });
    for (let n = 0; n < 10; n++) {
      now += 10_000;
      await kept.put(numbered(n));
    }
    now += 10_000;
    await kept.get(numbered(0).key);
    await kept.put(numbered(1));
    now += 1;
    await kept.put(numbered(10));
    expect(await kept.put(numbered(11, { bytes: 1001 }))).toBe(false);
    const left = (await kept.list({}, 100)).map(({ parameters }) => Number(parameters.slice(2)));
    expect(left.toSorted((a, b) => a - b)).toEqual([0, 1, 4, 5, 6, 7, 8, 9, 10]);
    expect(await kept.summary("now")).toMatchObject({ entries: 9, bytes: 900, contentBytes: 1800, reachable: 9 });
  });

  it("expire, all of their keys, and leave the sum right", async () => {
    const kept = open();
    await kept.put(numbered(1));
    const keys = await redis.keys("*");
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(TTL_MS / 2);
    await redis.del(`stats_dashboard:mine-:answer:${numbered(1).key}`);
    now += TTL_MS;
    await kept.put(numbered(2));
    expect([await redis.get("stats_dashboard:mine-:bytes"), await kept.count({})]).toEqual(["100", 1]);
  });

  it("of other instances are neither seen nor removed", async () => {
    const [mine, other] = [open({ prefix: "stats_dashboard::" }), open()];
    await redis.set("foreign", "1");
    await other.put(numbered(1));
    await mine.put(numbered(2));
    expect([await mine.get(numbered(1).key), await mine.count({}), await mine.removeEntries({})]).toEqual([null, 1, 1]);
    expect([await other.count({}), await redis.get("foreign")]).toEqual([1, "1"]);
  });

  it("of earlier numbers and of closed scopes are removed", async () => {
    const kept = open();
    for (const one of [numbered(1), numbered(2, { state: "before" }), answer({ scope: "c1" })]) await kept.put(one);
    expect([await kept.scopes(), await kept.removeUnreachable("now")]).toEqual([["c1", "global"], 1]);
    expect([await kept.removeScopes(["c1"]), await kept.scopes()]).toEqual([1, ["global"]]);
  });

  it.each<EntryFilter>([
    {},
    { scope: "c1" },
    { query: "usage", ...DAYS },
    { pattern: "global/*2024-?1*" },
    { pattern: "c(1/*" },
    { basis: "added" },
    { basis: "created", format: "csv" },
  ])("are listed as those in the file: %o", async (filter) => {
    const folder = mkdtempSync(join(tmpdir(), "cache-"));
    const options = { busyMs: 1000, maxBytes: 1 << 20, now: () => now, warn: () => undefined };
    const file = new CacheFile({ path: join(folder, "cache.sqlite"), ...options });
    const kept = open();
    try {
      for (const subject of SUBJECTS) {
        file.put(answer(subject));
        await kept.put(answer(subject));
      }
      const listed = file.list(filter, 100);
      expect(listed.length).toBeGreaterThan(0);
      expect([await kept.list(filter, 100), await kept.count(filter)]).toEqual([listed, file.count(filter)]);
      expect({ ...(await kept.summary("now")), fileBytes: 0 }).toEqual({ ...file.summary("now"), fileBytes: 0 });
    } finally {
      file.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a Redis that is away", () => {
  it("costs one short wait at a time, a line a minute, and no answer; when it is back it is used again", async () => {
    const kept = open({ busyMs: 0 });
    const patient = open({ busyMs: 5000, warn: () => undefined });
    await kept.put(numbered(1));
    await patient.has(numbered(1).key);
    process.kill(server.pid, "SIGSTOP");
    try {
      const long = patient.get(numbered(1).key).then(() => "long");
      expect(await Promise.race([kept.get(numbered(1).key), long])).toBeNull();
      // It is left alone from now on: who asks waits for nothing, not even for a turn.
      const asked = Promise.all([kept.get(numbered(1).key), kept.put(numbered(2)), kept.scopes()]);
      expect(await Promise.race([asked, nextTurn("still waiting")])).toEqual([null, false, []]);
      now += 6000;
      expect(await kept.get(numbered(1).key)).toBeNull();
      expect(warnings).toEqual([expect.stringMatching(/^The cache redis:\/\/127.0.0.1:\d+\/3 cannot be used \(/)]);
      now += 60_000;
      expect(await kept.get(numbered(1).key)).toBeNull();
      expect(warnings).toHaveLength(2);
    } finally {
      process.kill(server.pid, "SIGCONT");
    }
    now += 6000;
    await expect.poll(async () => (now += 6000) > 0 && (await kept.get(numbered(1).key))?.hash).toBe("h");
  });

  it("is told without the password, also where nothing listens", async () => {
    const kept = open({ url: new Secret("redis://me:geheim@127.0.0.1:1") });
    expect(await kept.has("x")).toBe(false);
    expect([warnings.length, warnings[0]?.includes("geheim"), kept.place.includes("geheim")]).toEqual([
      1,
      false,
      false,
    ]);
  });
});

async function ask({ app, cache }: CacheServer, scope: string) {
  const url = `/api/stats-dashboard/usage-delta-category?community_id=${scope}&start_date=2025-01-01&end_date=2025-12-31`;
  const { statusCode, headers } = await app.inject({ method: "GET", url });
  await cache.answering.settle();
  return [statusCode, headers["x-cache"]];
}

describe("commands and server", () => {
  let world: CacheWorld;
  let environment: Readonly<Record<string, string>>;

  async function call(command: Command, args: readonly string[], options: Readonly<Record<string, unknown>> = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await command.run(
      {
        config: loadConfig({ COMMUNITY_STATS_DATA_DIR: world.dataDir, ...environment }),
        stdin: process.stdin,
        stdout,
        stderr,
        interactive: false,
        now: present,
        signal: new AbortController().signal,
        owner: "test",
        engine: () => Promise.resolve(world.engine),
      },
      { options: { json: true, ...options }, arguments: args },
    );
    return { code, out: JSON.parse(String(stdout.read())), err: String(stderr.read() ?? "") };
  }

  it("work on Redis, and go on without it", async () => {
    const own = await startRedis();
    environment = { STATS_CACHE_REDIS_URL: own.url, STATS_CACHE_PREFIX: "mine" };
    world = await openCacheWorld(environment);
    try {
      const options = { force: true, year: ["2025"] };
      const made = await call(cacheGenerateCommand, [], options);
      expect(made.out).toMatchObject({ state: "done", success: 12, notKept: 0, failed: 0 });
      expect((await call(cacheGenerateCommand, [], options)).out).toMatchObject({ success: 0, skipped: 12 });
      expect(existsSync(world.cachePath)).toBe(false);
      const path = expect.stringMatching(/\/7 \(keys mine::\*\)$/);
      expect((await call(cacheInfoCommand, [])).out).toMatchObject({ entries: 12, reachable: 12, path });
      const cleared = await call(cacheClearItemCommand, ["a", "usage-delta-category"]);
      expect(cleared.out).toMatchObject({ matched: 1, removed: 1 });
      expect((await call(cacheTestCommand, [])).out).toMatchObject({ works: true });
      const server = await world.server();
      expect(await ask(server, "b")).toEqual([200, "HIT"]);
      expect(await ask(server, "a")).toEqual([200, "MISS"]);
      process.kill(own.pid, "SIGKILL");
      expect(await ask(server, "global")).toEqual([200, "MISS"]);
      const { code, out, err } = await call(cacheTestCommand, []);
      expect([code, out.works]).toEqual([1, false]);
      expect(err).toMatch(/^Warning: The cache redis:.* cannot be used/);
    } finally {
      await world.close();
      rmSync(world.dataDir, { recursive: true });
      await own.stop();
    }
  });
});
