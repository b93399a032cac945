import type { FastifyInstance } from "fastify";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Instant } from "@community-stats/contract/days.ts";
import type { OpenedCache } from "../../src/cache/open-cache.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { community } from "../counted-world.ts";

const URL = "/api/stats-dashboard/usage-delta-category?community_id=A";
const RATE = 7;
let clock = 0;
let engine: Engine;
let app: FastifyInstance;
let making: { readonly calls: number };
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  engine = openMemory({ clock: () => 0 as Instant });
  await writeWorkedExample(engine);
  const environment = { COMMUNITY_STATS_RATE_LIMIT_ADDRESS: String(RATE) };
  clock = Date.parse("2025-03-13T12:00:00Z");
  app = await testApp(engine, { environment, cache: watch, log: (line) => lines.push(line), now: () => clock });
});
afterEach(() => app.close());

function watch({ answering }: OpenedCache): void {
  const { mock } = vi.spyOn(answering, "answer");
  making = {
    get calls() {
      return mock.calls.length;
    },
  };
}

async function get(headers: IncomingHttpHeaders = {}) {
  const before = making.calls;
  const answer = await app.inject({ method: "GET", url: URL, headers: { "accept-encoding": "br", ...headers } });
  const { statusCode: status, headers: answered, rawPayload: bytes } = answer;
  return { status, headers: answered, bytes, isKept: making.calls === before };
}

/** What two answers to the same request have in common. */
function lasting(headers: OutgoingHttpHeaders) {
  const own = new Set(["x-request-id", "x-ratelimit-remaining", "date"]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
}

it("are the same bytes and headers, with a request id, a count and a line in the log of their own", async () => {
  const [cold, warm, kept] = [await get(), await get(), await get()];
  expect([cold, warm, kept].map(({ isKept }) => isKept)).toEqual([false, false, true]);
  expect([warm.headers["x-cache"], kept.status]).toEqual(["HIT", 200]);
  expect(kept.bytes.equals(cold.bytes)).toBe(true);
  expect(lasting(kept.headers)).toEqual(lasting(warm.headers));
  expect([warm, kept].map(({ headers }) => headers["x-ratelimit-remaining"])).toEqual([
    String(RATE - 2),
    String(RATE - 3),
  ]);
  const ids = [cold, warm, kept].map(({ headers }) => headers["x-request-id"]);
  expect(new Set(ids).size).toBe(3);
  const told = lines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .map(({ reqId, status }) => [reqId, status]);
  expect(told).toEqual(ids.map((id) => [id, 200]));
});

it("say that nothing was modified as others do", async () => {
  const { headers } = await get();
  const conditional = { "if-none-match": String(headers["etag"]) };
  const unchanged = await get(conditional);
  await get();
  const kept = await get(conditional);
  expect([unchanged.isKept, kept.isKept, unchanged.status, kept.status]).toEqual([false, true, 304, 304]);
  expect(kept.bytes).toHaveLength(0);
  expect(lasting(kept.headers)).toEqual(lasting(unchanged.headers));
  expect((await get({ "if-none-match": '"another"' })).bytes.length).toBeGreaterThan(0);
});

it("count against the limit", async () => {
  for (let n = 0; n < RATE; n++) expect((await get()).status).toBe(200);
  const refused = await get();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

it("are for guests who ask in the same words", async () => {
  for (let n = 0; n < 2; n++) await get();
  expect((await get({ "accept-encoding": "gzip" })).headers["content-encoding"]).toBe("gzip");
  expect((await get({ accept: "text/csv" })).headers["content-type"]).toContain("gzip");
  expect((await get({ cookie: "session=1" })).isKept).toBe(false);
  expect((await get()).isKept).toBe(true);
});

it.each([
  ["the numbers were counted again", () => countAgain(), 200, "MISS"],
  ["the community was restricted", () => restrict(), 404, undefined],
])("are not sent when %s", async (_, change, status, cache) => {
  for (let n = 0; n < 3; n++) await get();
  await change();
  clock += 1000;
  const after = await get();
  expect([after.status, after.headers["x-cache"]]).toEqual([status, cache]);
});

async function countAgain(): Promise<void> {
  const [live] = await engine.rollups.generations();
  const progress = await engine.rollups.progress(live?.id ?? 0);
  await engine.rollups.setProgress(live?.id ?? 0, { ...progress, updatedAt: (progress.updatedAt ?? 0) + 1 });
}

async function restrict(): Promise<void> {
  const updated = Date.now() as Instant;
  await engine.facts.append({ communities: [community("A", { visibility: "restricted", updated })] });
}
