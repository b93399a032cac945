import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { Redis } from "ioredis";
import type { Engine } from "../../engine/engine.ts";
import { OpenSearchControl } from "./control.ts";
import { OpenSearchEventIndices } from "./event-indices.ts";
import { OpenSearchFacts } from "./facts.ts";
import { Fence } from "./fence.ts";
import { OpenSearchInstance } from "./instance.ts";
import { KeptParts } from "./kept-parts.ts";
import { type IndexNames, indexNames } from "./names.ts";
import { type AnswerLimits, Requests } from "./requests.ts";
import { OpenSearchPublisher } from "./publisher.ts";
import { RedisWork } from "./redis-work.ts";
import { WORK_PACE, type WorkPace } from "./work-pace.ts";
import { FIRST_CONTACT, PATIENT, type RetryPolicy } from "./retry.ts";
import { OpenSearchRollups } from "./rollups.ts";
import { provideIndices } from "./templates.ts";

/** How the cluster is reached. */
export interface OpenSearchOptions {
  /** Addresses of nodes; may hold user and password. */
  readonly nodes: readonly string[];
  readonly redisUrl: string;
  /** That of the instance, with its dash: "mysite-". */
  readonly indexPrefix: string;
  readonly username?: string | null;
  readonly password?: string;
  /** A file of certificates to trust beside those of the system. */
  readonly caFile?: string | null;
  /** False accepts whatever certificate the cluster shows. */
  readonly verifyCertificates?: boolean;
  /** As `IndexSettings`. */
  readonly replicas?: number | null;
  readonly retry?: RetryPolicy;
  readonly limits?: AnswerLimits;
  readonly pace?: WorkPace;
  /** Keeps what it read of the facts in a folder of this machine. */
  readonly keptDays?: { readonly folder: string; readonly maxBytes: number };
  /** Epoch milliseconds; plain data travels without it, and then nothing that was left over is old enough to be removed. */
  readonly now?: () => number;
}

const REDIS_TIMEOUT_MS = 10_000;
const REDIS_TRIES = 5;

/** The engine of several machines: facts and numbers in OpenSearch, leases in Redis. Any number of processes may open it at once. */
export async function openOpenSearch(options: OpenSearchOptions): Promise<Engine> {
  const names = indexNames(options.indexPrefix);
  const now = options.now ?? (() => 0);
  const client = clientOf(options);
  const nodes = options.nodes.map(withoutPassword).join(", ");
  const { limits, replicas = null } = options;
  await new Requests(client, { nodes, limits, policy: options.retry ?? FIRST_CONTACT }).send("GET", "/");
  const requests = new Requests(client, { nodes, limits, policy: options.retry ?? PATIENT });
  await provideIndices(requests, names, { replicas });
  const redis = redisOf(options.redisUrl);
  const fence = new Fence();
  const facts = new OpenSearchFacts(requests, names, { now, kept: keptParts(options, names, now) });
  const rollups = new OpenSearchRollups(requests, names, fence);
  const control = new OpenSearchControl({ requests, redis, names, fence });
  return {
    name: "opensearch",
    facts,
    rollups,
    control,
    work: new RedisWork({ url: options.redisUrl, prefix: `${names.keys}work`, pace: options.pace ?? WORK_PACE }),
    instance: new OpenSearchInstance(requests, options.indexPrefix),
    eventIndices: new OpenSearchEventIndices({ requests, prefix: options.indexPrefix, replicas }),
    publisher: (chunks, timeoutMs) => {
      return new OpenSearchPublisher({ requests, prefix: options.indexPrefix, chunks, timeoutMs });
    },
    close: async () => {
      await control.close();
      await requests.close();
    },
  };
}

/** A folder of its own for each instance. */
function keptParts({ keptDays }: OpenSearchOptions, { facts }: IndexNames, now: () => number): KeptParts | null {
  if (keptDays === undefined || keptDays.maxBytes === 0) return null;
  return new KeptParts({ folder: join(keptDays.folder, facts), maxBytes: keptDays.maxBytes, now });
}

function clientOf(options: OpenSearchOptions): Client {
  const { nodes, username = null, password = "", caFile = null } = options;
  return new Client({
    nodes: [...nodes],
    ...(username === null ? {} : { auth: { username, password } }),
    ssl: {
      rejectUnauthorized: options.verifyCertificates ?? true,
      ...(caFile === null ? {} : { ca: readFileSync(caFile, "utf8") }),
    },
  });
}

/** Connects at the first command: who only reads numbers does without Redis. */
function redisOf(url: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: REDIS_TRIES,
    commandTimeout: REDIS_TIMEOUT_MS,
    connectTimeout: REDIS_TIMEOUT_MS,
  });
  // A lost connection is told by the command that met it.
  redis.on("error", () => undefined);
  return redis;
}

function withoutPassword(node: string): string {
  const url = new URL(node);
  return `${url.protocol}//${url.host}`;
}
