import { PassThrough, Readable } from "node:stream";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunRegistry } from "../../src/cache/run-registry.ts";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { loadConfig } from "../../src/config/config.ts";
import { Secret } from "../../src/config/secret.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { freshPrefix, OPENSEARCH_URL, optionsFor, REDIS_URL, removeAll } from "../cluster/test-cluster.ts";

const DB = 8;
const prefix = freshPrefix();
const ours = `stats_agg_registry:${prefix}:`;
const warnings: string[] = [];
let redis: Redis;
let registry: RunRegistry;

function openedAt(url: string): RunRegistry {
  const effects = { now: Date.now, warn: (what: string) => void warnings.push(what) };
  return new RunRegistry({ url: new Secret(url), db: DB, prefix: ours }, effects);
}

async function beginning(begun: () => void): Promise<string> {
  begun();
  return "done";
}

beforeAll(async () => {
  redis = new Redis(REDIS_URL, { db: DB });
  registry = openedAt(REDIS_URL);
  await redis.set(`other:${prefix}:global_agg`, "theirs");
});
afterAll(async () => {
  await registry.close();
  const keys = [...(await redis.keys(`${ours}*`)), `other:${prefix}:global_agg`];
  await redis.del(...keys);
  redis.disconnect();
});

describe("the registry of runs", () => {
  it("tells what is being worked on from its beginning to its end, and for two hours at most", async () => {
    await registry.during(["global_agg", "c1_agg"], async (begun) => {
      expect((await registry.told()).size).toBe(0);
      begun();
      await expect.poll(async () => [...(await registry.told()).keys()].toSorted()).toEqual(["c1_agg", "global_agg"]);
      expect(await redis.ttl(`${ours}c1_agg`)).toBeGreaterThan(7000);
      expect(Number(new Date((await registry.told()).get("c1_agg") ?? ""))).toBeLessThanOrEqual(Date.now());
    });
    expect((await registry.told()).size).toBe(0);
    expect(await redis.get(`other:${prefix}:global_agg`)).toBe("theirs");
  });

  it("leaves what a later run tells", async () => {
    await registry.during(["global_agg"], async (begun) => {
      begun();
      await expect.poll(() => redis.exists(`${ours}global_agg`)).toBe(1);
      await redis.set(`${ours}global_agg`, "of a later run");
    });
    expect(await registry.told()).toEqual(new Map([["global_agg", "of a later run"]]));
    await redis.del(`${ours}global_agg`);
  });

  it("keeps no work from being done while Redis is away, and tells it once", async () => {
    const away = openedAt("redis://127.0.0.1:1");
    expect(await away.during(["global_agg"], beginning)).toBe("done");
    expect(await away.told()).toEqual(new Map());
    expect(warnings).toEqual([expect.stringContaining("The registry redis://127.0.0.1:1/8 cannot be used")]);
    await away.close();
  });
});

describe("the command aggregate", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOpenSearch(optionsFor(prefix));
  });
  afterAll(async () => {
    await engine.close();
    await removeAll(prefix);
  });

  it("tells of its run in Redis, and that the first one is over", async () => {
    const config = loadConfig({
      COMMUNITY_STATS_ENGINE: "opensearch",
      OPENSEARCH_URL,
      REDIS_URL,
      SEARCH_INDEX_PREFIX: prefix,
    });
    const seen = new Set<string>();
    const stdio = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() };
    const context = {
      ...stdio,
      config,
      interactive: false,
      now: Date.now,
      owner: "test",
      signal: new AbortController().signal,
      engine: async () => engine,
    };
    const monitor = await redis.monitor();
    monitor.on("monitor", (_time: string, words: string[]) => seen.add(`${words[0]?.toLowerCase()} ${words[1]}`));
    expect(await aggregateCommand.run(context, { options: { force: true }, arguments: [] })).toBe(0);
    expect(await redis.get(`${ours}global_first_run`)).toBe("completed");
    expect(await redis.exists(`${ours}global_agg`)).toBe(0);
    expect(seen).toContain(`set ${ours}global_agg`);
    monitor.disconnect();
  });
});
