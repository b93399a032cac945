import { pino } from "pino";
import { openCache, type OpenedCache } from "../../src/cache/open-cache.ts";
import type { FastifyInstance } from "fastify";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { loadOffers } from "../../src/export/registry.ts";
import { openAccess } from "../../src/http/caller.ts";
import { buildServer } from "../../src/http/server.ts";
import { switchesOf } from "../../src/query/switches.ts";
import { Queries } from "../../src/query/queries.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { clockAt } from "../counted-world.ts";

export interface TestAppOptions {
  readonly today?: string;
  /** In place of a clock that stands still. */
  readonly now?: () => number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  readonly dashboardFolder?: string;
  /** For one answer of the repository. */
  readonly timeoutMs?: number;
  /** The clock by which the repository's answers are forgotten. */
  readonly forgetting?: () => number;
  /** Answers from a cache that lives in memory, in place of making each anew. */
  readonly cache?: (cache: OpenedCache) => void;
  /** The cache has a file in the configured data folder as well. */
  readonly cacheOnDisk?: boolean;
}

/** All requests of a test come from one address. */
const UNLIMITED = { COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "0", COMMUNITY_STATS_RATE_LIMIT_TOKEN: "0" };

/** A fresh server over an engine; nothing listens. */
export async function testApp(engine: Engine, options: TestAppOptions = {}): Promise<FastifyInstance> {
  const config = loadConfig({ ...UNLIMITED, ...options.environment });
  const now = options.now ?? clockAt(options.today ?? "2025-03-13");
  const { breakdowns, topLimit, weekStart } = config;
  const { timeoutMs = 5_000, forgetting = () => performance.now() } = options;
  const access = openAccess({ settings: config.access, fetch, timeoutMs, now: forgetting });
  const { rights } = access;
  const queries = new Queries({
    engine,
    breakdowns,
    topLimit,
    weekStart,
    now,
    rights,
    switches: switchesOf(config),
    rangeDays: config.access.limits.rangeDays,
    layouts: config.dashboard,
  });
  const cache =
    options.cache === undefined
      ? null
      : openCache({
          config: options.cacheOnDisk === true ? config : { ...config, engine: "memory" },
          queries,
          now,
          warn: () => undefined,
          busyMs: 0,
        });
  if (cache !== null) options.cache?.(cache);
  const write = options.log ?? (() => undefined);
  const log = pino({ level: options.log === undefined ? "silent" : "info" }, { write });
  const server = await buildServer({
    queries,
    pages: config,
    dashboardFolder: options.dashboardFolder ?? "/nowhere",
    log,
    now,
    access,
    limits: config.access.limits,
    offers: await loadOffers(config.answers.serializers, import.meta.filename),
    corsOrigins: config.answers.corsOrigins,
    ...(cache === null ? {} : { answering: cache.answering }),
  });
  server.addHook("onClose", async () => await cache?.close());
  return server;
}

/** A fresh server over the worked example, which it closes with itself. */
export async function exampleApp(options: TestAppOptions = {}): Promise<FastifyInstance> {
  const engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  const server = await testApp(engine, options);
  server.addHook("onClose", async () => await engine.close());
  return server;
}
