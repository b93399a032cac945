import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sample } from "fast-check";
import type { FastifyInstance, InjectOptions } from "fastify";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { testApp } from "./app.ts";
import { describedRequests, type OpenApi } from "./described-requests.ts";

/** What so many random requests did to a server. */
export interface Endurance {
  readonly requests: number;
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers of 500 and above, with what was asked. */
  readonly faults: readonly string[];
  /** Refusals that are no problem document. */
  readonly unclear: readonly string[];
  readonly slowestMs: number;
  /** Bytes of heap in use after a collection: once warm, and then after each tenth of the requests. */
  readonly heap: readonly number[];
}

/** Small caches that are full soon: what grows after that, grows without end. */
const ENVIRONMENT = {
  COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "1000000",
  COMMUNITY_STATS_RATE_LIMIT_TOKEN: "1000000",
  COMMUNITY_STATS_CACHE_MEMORY_BYTES: "2000000",
};
const PARTS = 10;
const BATCH = 100;

/** Requests made from openapi.json, by a seed; the first tenth is sent once before to warm everything up. */
export async function endure(requests: number, seed: number): Promise<Endurance> {
  const engine = openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  const app = await testApp(engine, { environment: ENVIRONMENT, cache: () => undefined });
  try {
    return await run(app, requests, seed);
  } finally {
    await app.close();
    await engine.close();
  }
}

async function run(app: FastifyInstance, requests: number, seed: number): Promise<Endurance> {
  const openApi: OpenApi = (await app.inject({ url: "/api/stats-dashboard/openapi.json" })).json();
  const from = describedRequests(openApi);
  const seen = new Seen();
  const part = Math.ceil(requests / PARTS);
  const send = async (count: number, first: number) => {
    for (let done = 0; done < count; done += BATCH) {
      const batch = sample(from, { numRuns: Math.min(BATCH, count - done), seed: first + done });
      for (const request of batch) await seen.send(app, request);
    }
  };
  await send(part, seed);
  const heap = [heapInUse()];
  const begun = performance.now();
  for (let index = 1; index <= PARTS; index++) {
    await send(part, seed + index * part);
    heap.push(heapInUse());
  }
  const { statuses, faults, unclear, slowestMs } = seen;
  const seconds = (performance.now() - begun) / 1000;
  return { requests: part * PARTS, seconds, statuses, faults, unclear, slowestMs, heap };
}

class Seen {
  readonly statuses: Record<string, number> = {};
  readonly faults: string[] = [];
  readonly unclear: string[] = [];
  slowestMs = 0;

  async send(app: FastifyInstance, request: InjectOptions): Promise<void> {
    const begun = performance.now();
    const { statusCode, headers, body } = await app.inject(request);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - begun);
    this.statuses[statusCode] = (this.statuses[statusCode] ?? 0) + 1;
    if (statusCode >= 500) this.faults.push(`${statusCode} ${told(request)} ${body}`);
    else if (statusCode >= 400 && !isProblem(headers["content-type"], body))
      this.unclear.push(`${statusCode} ${told(request)}`);
  }
}

function isProblem(type: unknown, body: string): boolean {
  if (!String(type).startsWith("application/problem+json")) return false;
  const { code, detail, hint } = JSON.parse(body);
  return [code, detail, hint].every((text) => typeof text === "string" && text !== "");
}

function told({ method, url, payload, headers }: InjectOptions): string {
  return JSON.stringify({ method, url, payload, headers }).slice(0, 1000);
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapInUse(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Bytes by which the heap grew with each request, from the line that fits the later half best: caches are full by then. */
export function growthPerRequest({ heap, requests }: Endurance): number {
  const points = heap.slice(Math.floor(heap.length / 2));
  const middle = (points.length - 1) / 2;
  const mean = points.reduce((sum, bytes) => sum + bytes, 0) / points.length;
  const slope = points.reduce((sum, bytes, index) => sum + (index - middle) * (bytes - mean), 0);
  const spread = points.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  return slope / spread / (requests / (heap.length - 1));
}
