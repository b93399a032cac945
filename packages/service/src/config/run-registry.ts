import { z } from "zod";
import type { Secret } from "./secret.ts";

/** Where it is told which communities are being counted, for whoever looked there in the original. */
export interface RegistrySettings {
  readonly url: Secret;
  readonly db: number;
  /** Start of all keys; it differs from instance to instance. */
  readonly prefix: string;
}

const MOST_DATABASES = 1_000_000;
/** As the original had it. */
const OWN_DATABASE = 8;

/** Rows of the table of variables. */
export const REGISTRY_VARIABLES = [
  {
    name: "STATS_AGG_REGISTRY_PREFIX",
    schema: z.string().regex(/^[\w.:-]+$/, "a prefix has letters, digits, and _ . : - only"),
    default: "stats_agg_registry",
    meaning:
      "Start of the keys in Redis that tell which communities are being counted (`…_agg`), cached (`…_cache_YEAR`), and were counted for the first time (`…_first_run`), with the engine `opensearch`; SEARCH_INDEX_PREFIX follows it.",
  },
  {
    name: "STATS_AGG_REGISTRY_REDIS_DB",
    schema: z.number().int().min(0).max(MOST_DATABASES),
    default: OWN_DATABASE,
    meaning: "Number of the database of these keys, on the server of REDIS_URL.",
  },
] as const;

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

/** Null for engines that do without Redis: progress is kept with the numbers in any case. */
export function registrySettings(
  read: Read,
  given: { readonly engine: string; readonly clusterRedis: Secret; readonly indexPrefix: string },
): RegistrySettings | null {
  if (given.engine !== "opensearch") return null;
  return {
    url: given.clusterRedis,
    db: read("STATS_AGG_REGISTRY_REDIS_DB", z.number()),
    prefix: `${read("STATS_AGG_REGISTRY_PREFIX", z.string())}:${given.indexPrefix}:`,
  };
}
