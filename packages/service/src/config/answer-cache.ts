import { z } from "zod";
import { Secret } from "./secret.ts";

/** Where answers are kept behind the memory of a process. */
export interface CacheSettings {
  /** Most bytes of answers behind the memory, and in the memory of each process; 0 for none. */
  readonly diskBytes: number;
  readonly memoryBytes: number;
  /** Null: in a file of the data folder. */
  readonly redis: RedisCacheSettings | null;
}

export interface RedisCacheSettings {
  readonly url: Secret;
  readonly db: number;
  /** Start of all keys; it differs from instance to instance. */
  readonly prefix: string;
  /** An answer that nobody asks for goes after this time. */
  readonly ttlMs: number;
}

const bytes = z
  .number()
  .int()
  .min(0)
  .max(2 ** 40);
const MOST_DATABASES = 1_000_000;
const MOST_DAYS = 3650;
const DAY_MS = 86_400_000;
/** Not the one of leases, as the original had it. */
const OWN_DATABASE = 7;

const isRedis = (text: string) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol);

/** Rows of the table of variables. */
export const CACHE_VARIABLES = [
  {
    name: "COMMUNITY_STATS_CACHE_MAX_BYTES",
    schema: bytes,
    default: 512 * 2 ** 20,
    meaning: "Most bytes of answers that are kept in cache.sqlite of the data folder, or in Redis; 0: none.",
  },
  {
    name: "COMMUNITY_STATS_CACHE_MEMORY_BYTES",
    schema: bytes,
    default: 64 * 2 ** 20,
    meaning: "Most bytes of answers that each process keeps in memory; 0: none.",
  },
  {
    name: "STATS_CACHE_REDIS_URL",
    schema: z
      .string()
      .refine((text) => text === "" || isRedis(text), {
        message: "not an address; write it like redis://redis.example:6379/7",
      })
      .transform((text) => new Secret(text))
      .nullable(),
    default: null,
    meaning:
      "Address of the Redis that keeps answers in place of cache.sqlite, which may hold name and password; without it the engine `opensearch` uses the server of REDIS_URL, and every other engine the file.",
    secret: true,
  },
  {
    name: "STATS_CACHE_REDIS_DB",
    schema: z.number().int().min(0).max(MOST_DATABASES).nullable(),
    default: null,
    meaning: "Number of the database for answers; by default the one that STATS_CACHE_REDIS_URL names, else 7.",
  },
  {
    name: "STATS_CACHE_PREFIX",
    schema: z.string().regex(/^[\w.:-]+$/, "a prefix has letters, digits, and _ . : - only"),
    default: "stats_dashboard",
    meaning:
      "Start of the keys of answers in Redis; SEARCH_INDEX_PREFIX follows it. Instances that share a database need different ones.",
  },
  {
    name: "STATS_CACHE_DEFAULT_TTL",
    schema: z.number().int().min(1).max(MOST_DAYS),
    default: 365,
    meaning:
      "Days after which an answer in Redis goes that nobody has asked for. Answers are never stale: those of earlier numbers go as soon as new ones are there.",
  },
] as const;

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

/** What else decides where answers are kept. */
export interface CacheSurroundings {
  readonly engine: string;
  readonly clusterRedis: Secret;
  readonly indexPrefix: string;
}

export function cacheSettings(read: Read, surroundings: CacheSurroundings): CacheSettings {
  return {
    diskBytes: read("COMMUNITY_STATS_CACHE_MAX_BYTES", z.number()),
    memoryBytes: read("COMMUNITY_STATS_CACHE_MEMORY_BYTES", z.number()),
    redis: redisSettings(read, surroundings),
  };
}

function redisSettings(
  read: Read,
  { engine, clusterRedis, indexPrefix }: CacheSurroundings,
): RedisCacheSettings | null {
  const given = read("STATS_CACHE_REDIS_URL", z.instanceof(Secret).nullable());
  const own = given === null || given.reveal() === "" ? null : given;
  if (own === null && engine !== "opensearch") return null;
  const named = own === null ? null : databaseOf(own.reveal());
  return {
    url: own ?? clusterRedis,
    db: read("STATS_CACHE_REDIS_DB", z.number().nullable()) ?? named ?? OWN_DATABASE,
    prefix: `${read("STATS_CACHE_PREFIX", z.string())}:${indexPrefix}:`,
    ttlMs: read("STATS_CACHE_DEFAULT_TTL", z.number()) * DAY_MS,
  };
}

/** Null where the address names none. */
function databaseOf(url: string): number | null {
  const [, digits] = /^\/(\d+)$/.exec(new URL(url).pathname) ?? [];
  return digits === undefined ? null : Number(digits);
}
