import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { FORMATS } from "../export/formats.ts";
import type { Queries } from "../query/queries.ts";
import { CachedAnswering } from "./cached-answering.ts";
import { CacheFile } from "./cache-file.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { RedisAnswers } from "./redis-answers.ts";
import { directAnswering } from "./direct-answering.ts";
import { setupText } from "./setup.ts";

export type CacheConfig = Pick<
  Config,
  "engine" | "dataDir" | "cache" | "topLimit" | "weekStart" | "repositoryTitle" | "siteUrl"
>;

export interface OpenCacheOptions {
  readonly config: CacheConfig;
  readonly queries: Queries;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of a file or a Redis that cannot be used. */
  readonly warn: (what: string) => void;
  /** How long to wait for another process that writes, or for Redis: short for who answers, long for a command. */
  readonly busyMs: number;
}

export interface OpenedCache {
  readonly answering: CachedAnswering;
  /** Null where nothing is kept behind the memory. */
  readonly kept: KeptAnswers | null;
  close(): Promise<void>;
}

/** Answers with the cache in front. */
export function openCache(options: OpenCacheOptions): OpenedCache {
  const { config, queries } = options;
  const kept = openKeptAnswers(options);
  const answering = new CachedAnswering({
    inner: directAnswering({ queries, site: config }),
    kept,
    memoryBytes: config.cache.memoryBytes,
    setup: setupText(config),
    keeps: (serializer) => FORMATS.includes(serializer),
  });
  return {
    answering,
    kept,
    close: async () => {
      await answering.settle();
      await kept?.close();
    },
  };
}

/** What is behind the memory; null where the configuration keeps nothing there. */
export function openKeptAnswers({ config, now, warn, busyMs }: Omit<OpenCacheOptions, "queries">): KeptAnswers | null {
  const { engine, dataDir, cache } = config;
  if (engine === "memory" || cache.diskBytes === 0) return null;
  if (cache.redis !== null) return new RedisAnswers({ ...cache.redis, maxBytes: cache.diskBytes, busyMs, now, warn });
  return new CacheFile({ path: cachePath(dataDir), busyMs, maxBytes: cache.diskBytes, now, warn });
}

export function cachePath(dataDir: string): string {
  return join(dataDir, "cache.sqlite");
}
