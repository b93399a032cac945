import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch, type OpenSearchOptions } from "../../src/engines/opensearch/open.ts";

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests as node scripts/cluster.mjs vitest …`);
  return value;
}

const MOST_KEPT_BYTES = 2 ** 30;
export const OPENSEARCH_URL = variable("TEST_OPENSEARCH_URL");
export const REDIS_URL = variable("TEST_REDIS_URL");

/** As an installation with nothing but the two addresses. */
export function optionsFor(indexPrefix: string): OpenSearchOptions {
  return {
    nodes: [OPENSEARCH_URL],
    redisUrl: REDIS_URL,
    indexPrefix,
  };
}

export function freshPrefix(): string {
  return `t${randomUUID().slice(0, 8)}-`;
}

/** An engine of its own, which keeps days as an installation does, and whose indices, keys and files go when it is closed. */
export async function openOwn(): Promise<Engine> {
  const prefix = freshPrefix();
  const folder = mkdtempSync(join(tmpdir(), "kept-days-"));
  const engine = await openOpenSearch({ ...optionsFor(prefix), keptDays: { folder, maxBytes: MOST_KEPT_BYTES } });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      await removeAll(prefix);
      rmSync(folder, { recursive: true });
    },
  };
}

export async function removeAll(prefix: string): Promise<void> {
  const indices = await ask("GET", `/_cat/indices/${prefix}*?h=index&expand_wildcards=all`);
  const names = (await indices.text()).split("\n").filter((name) => name !== "");
  if (names.length > 0) await ask("DELETE", `/${names.join(",")}`);
  await ask("DELETE", `/_index_template/${prefix}*`);
  const redis = new Redis(REDIS_URL);
  await redis.del(`${prefix}community-stats-leases`);
  redis.disconnect();
}

/** A request past the product. */
export async function ask(method: string, path: string, body?: object): Promise<Response> {
  const given = { method, headers: { "content-type": "application/json" } };
  return await fetch(OPENSEARCH_URL + path, body === undefined ? given : { ...given, body: JSON.stringify(body) });
}
