import { z } from "zod";
import { Secret } from "./secret.ts";

/** How OpenSearch and Redis are reached, for the engine of several machines. */
export interface ClusterSettings {
  /** Addresses of nodes; they may hold name and password. */
  readonly nodes: readonly Secret[];
  readonly username: string | null;
  readonly password: Secret;
  readonly caFile: string | null;
  readonly verifyCertificates: boolean;
  readonly redisUrl: Secret;
  /** Start of the names of all indices, with its dash; empty for none. */
  readonly indexPrefix: string;
  /** Copies of each shard; null lets the number of nodes decide. */
  readonly replicas: number | null;
  /** Most bytes of events that a machine keeps of what it has read; 0 for none. */
  readonly keptDaysBytes: number;
}

const MOST_REPLICAS = 10;
const MOST_BYTES = 2 ** 50;

function addresses(protocols: readonly string[], example: string): z.ZodType {
  const isAddress = (part: string) => URL.canParse(part) && protocols.includes(new URL(part).protocol);
  return z
    .string()
    .refine((text) => splitAddresses(text).length > 0 && splitAddresses(text).every(isAddress), {
      message: `not an address; write it like ${example}`,
    })
    .transform((text) => new Secret(text));
}

function splitAddresses(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Names of indices are lower case, and begin with a letter or a digit. */
const prefix = z
  .string()
  .regex(/^([a-z0-9][a-z0-9_.-]*)?$/, "a prefix of indices has lower-case letters, digits, - _ and . only");

/** Rows of the table of variables. */
export const CLUSTER_VARIABLES = [
  {
    name: "OPENSEARCH_URL",
    schema: addresses(["http:", "https:"], "https://search.example:9200"),
    default: new Secret("http://127.0.0.1:9200"),
    meaning:
      "Addresses of OpenSearch for the engine `opensearch`, separated by commas, which may hold name and password; by default http://127.0.0.1:9200.",
    secret: true,
  },
  {
    name: "OPENSEARCH_USERNAME",
    schema: z.string(),
    default: "",
    meaning: "Name at OpenSearch, where the address has none.",
  },
  {
    name: "OPENSEARCH_PASSWORD",
    schema: z.string().transform((text) => new Secret(text)),
    default: new Secret(""),
    meaning: "Password at OpenSearch.",
    secret: true,
  },
  {
    name: "OPENSEARCH_CA_FILE",
    schema: z.string(),
    default: "",
    meaning: "File of the certificates that sign OpenSearch's; empty: those of the system.",
  },
  {
    name: "OPENSEARCH_VERIFY_CERTIFICATES",
    schema: z.boolean(),
    default: true,
    meaning: "False believes whatever certificate OpenSearch shows.",
  },
  {
    name: "SEARCH_INDEX_PREFIX",
    schema: prefix,
    default: "",
    meaning:
      "Start of the names of all indices of the instance, with its dash, as the repository has it; several instances on one cluster each have their own.",
  },
  {
    name: "COMMUNITY_STATS_INDEX_REPLICAS",
    schema: z.number().int().min(0).max(MOST_REPLICAS).nullable(),
    default: null,
    meaning: "Copies of each of our indices beside the first; by default one where there is a second node.",
  },
  {
    name: "COMMUNITY_STATS_KEPT_DAYS_MAX_BYTES",
    schema: z.number().int().min(0).max(MOST_BYTES),
    default: 4 * 2 ** 30,
    meaning:
      "Most bytes of days of events that a machine keeps in the folder `days` of its data folder, so that it does not read them from OpenSearch again; 0: none.",
  },
  {
    name: "REDIS_URL",
    schema: addresses(["redis:", "rediss:"], "redis://redis.example:6379/0"),
    default: new Secret("redis://127.0.0.1:6379/0"),
    meaning:
      "Address of Redis, which holds the leases of the engine `opensearch`, and may hold name and password; by default redis://127.0.0.1:6379/0.",
    secret: true,
  },
] as const;

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

export function clusterSettings(read: Read): ClusterSettings {
  const secret = (name: string): Secret => read(name, z.instanceof(Secret));
  const optional = (name: string): string | null => read(name, z.string()) || null;
  return {
    nodes: splitAddresses(secret("OPENSEARCH_URL").reveal()).map((node) => new Secret(node)),
    username: optional("OPENSEARCH_USERNAME"),
    password: secret("OPENSEARCH_PASSWORD"),
    caFile: optional("OPENSEARCH_CA_FILE"),
    verifyCertificates: read("OPENSEARCH_VERIFY_CERTIFICATES", z.boolean()),
    redisUrl: secret("REDIS_URL"),
    indexPrefix: read("SEARCH_INDEX_PREFIX", z.string()),
    replicas: read("COMMUNITY_STATS_INDEX_REPLICAS", z.number().nullable()),
    keptDaysBytes: read("COMMUNITY_STATS_KEPT_DAYS_MAX_BYTES", z.number()),
  };
}
