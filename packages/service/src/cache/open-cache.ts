import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { FORMATS } from "../export/formats.ts";
import type { Queries } from "../query/queries.ts";
import { CachedAnswering } from "./cached-answering.ts";
import { CacheFile } from "./cache-file.ts";
import { directAnswering } from "./direct-answering.ts";
import { setupText } from "./setup.ts";

export type CacheConfig = Pick<Config, "engine" | "dataDir" | "cache" | "topLimit" | "repositoryTitle" | "siteUrl">;

export interface OpenCacheOptions {
  readonly config: CacheConfig;
  readonly queries: Queries;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told of a file that cannot be used. */
  readonly warn: (what: string) => void;
  /** How long to wait for another process that writes: short for who answers, long for a command. */
  readonly busyMs: number;
}

export interface OpenedCache {
  readonly answering: CachedAnswering;
  /** Null where nothing is kept on disk. */
  readonly file: CacheFile | null;
  close(): Promise<void>;
}

/** Answers with the cache of the data folder in front. */
export function openCache(options: OpenCacheOptions): OpenedCache {
  const { config, queries } = options;
  const file = openCacheFile(options);
  const answering = new CachedAnswering({
    inner: directAnswering({ queries, site: config }),
    file,
    memoryBytes: config.cache.memoryBytes,
    setup: setupText(config),
    keeps: (serializer) => FORMATS.includes(serializer),
  });
  return {
    answering,
    file,
    close: async () => {
      await answering.settle();
      file?.close();
    },
  };
}

/** The file alone; null where the configuration keeps nothing on disk. */
export function openCacheFile({ config, now, warn, busyMs }: Omit<OpenCacheOptions, "queries">): CacheFile | null {
  const { engine, dataDir, cache } = config;
  if (engine === "memory" || cache.diskBytes === 0) return null;
  return new CacheFile({ path: cachePath(dataDir), busyMs, maxBytes: cache.diskBytes, now, warn });
}

export function cachePath(dataDir: string): string {
  return join(dataDir, "cache.sqlite");
}
