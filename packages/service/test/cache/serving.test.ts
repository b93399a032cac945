import { rmSync, writeFileSync } from "node:fs";
import type { Instant } from "@community-stats/contract/days.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { forgetClosed } from "../../src/cache/closed-scopes.ts";
import { testApp } from "../contracts/app.ts";
import { community } from "../counted-world.ts";
import { openCacheWorld, TODAY, type CacheServer, type CacheWorld } from "./world.ts";

const API = "/api/stats-dashboard";
const GENERAL = QUERIES.filter(({ required }) => required === undefined).map(({ name }) => name);
let world: CacheWorld;

function eachInItsOwnWorld(): void {
  beforeEach(async () => {
    world = await openCacheWorld();
  });
  afterEach(closeWorld);
}

async function closeWorld(): Promise<void> {
  await world.close();
  rmSync(world.dataDir, { recursive: true });
}

async function get(app: FastifyInstance, path: string, encoding = "identity") {
  const { statusCode, headers, rawPayload } = await app.inject({
    method: "GET",
    url: `${API}/${path}`,
    headers: { "accept-encoding": encoding },
  });
  const { "x-cache": cache, etag, "content-type": type, "content-encoding": encoded } = headers;
  return { status: statusCode, cache, etag, type, encoded, bytes: rawPayload };
}

function stored(scope?: string) {
  return async () => {
    const { cache } = await world.server();
    return (await cache.kept?.list(scope === undefined ? {} : { scope }, 100)) ?? [];
  };
}

function path(query: string, format: string): string {
  return `${query}?community_id=a&format=${format}`;
}

describe("a cold and a warm answer", () => {
  type Got = Awaited<ReturnType<typeof get>>;
  const formats = ["json", "csv", "xml", "xlsx"] as const;
  const all = GENERAL.flatMap((query) => formats.map((format) => [query, format] as const));
  const made = new Map<string, Got>();
  let plain: FastifyInstance;
  let server: CacheServer;
  beforeAll(async () => {
    world = await openCacheWorld();
    plain = await testApp(world.engine, { today: TODAY });
    server = await world.server();
  });
  afterAll(async () => {
    await plain.close();
    await closeWorld();
  });

  it.each(all)("%s is the same bytes as without a cache: %s", async (query, format) => {
    const address = path(query, format);
    const direct = await get(plain, address);
    made.set(address, direct);
    const [cold, warm] = [await get(server.app, address), await get(server.app, address)];
    expect([cold.status, cold.cache, warm.cache]).toEqual([200, "MISS", "HIT"]);
    expect([cold, { ...warm, cache: "MISS" }]).toEqual([
      { ...direct, cache: "MISS" },
      { ...direct, cache: "MISS" },
    ]);
  });

  describe("after a restart", () => {
    let restarted: FastifyInstance;
    beforeAll(async () => {
      await server.cache.answering.settle();
      ({ app: restarted } = await world.server());
    });

    it.each(all)("%s is found, and is still the same bytes: %s", async (query, format) => {
      const address = path(query, format);
      expect(await get(restarted, address)).toEqual({ ...made.get(address), cache: "HIT" });
    });
  });

  it.each(["gzip", "br"])("in %s are the same bytes, under one validator, to which 304 answers", async (encoding) => {
    const { app } = server;
    const wanted = "usage-delta-category?community_id=global";
    const [first, warm] = [await get(app, wanted, encoding), await get(app, wanted, encoding)];
    expect([first.encoded, warm.encoded, warm.cache]).toEqual([encoding, encoding, "HIT"]);
    expect(warm.bytes.equals(first.bytes)).toBe(true);
    const headers = { "accept-encoding": encoding, "if-none-match": String(first.etag) };
    const again = await app.inject({ method: "GET", url: `${API}/${wanted}`, headers });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  it("by POST are put together from what GET has left, and are what they are without a cache", async () => {
    const { app, cache } = server;
    const params = { community_id: "B" };
    const payload = { x: { stat: "usage-delta-category", params }, y: { stat: "record-delta-category", params } };
    await get(app, "usage-delta-category?community_id=B");
    const before = cache.answering.counts.made;
    const [first, again, direct] = [
      await app.inject({ method: "POST", url: API, payload }),
      await app.inject({ method: "POST", url: API, payload }),
      await plain.inject({ method: "POST", url: API, payload }),
    ];
    expect([first.body, again.body]).toEqual([direct.body, direct.body]);
    expect([again.headers["x-cache"], cache.answering.counts.made - before]).toEqual(["HIT", 2]);
  });
});

describe("many at once, and numbers that were counted again", () => {
  eachInItsOwnWorld();

  it("computes an answer once for many who ask at the same time", async () => {
    const { app, cache } = await world.server();
    const path = "usage-snapshot-category?community_id=global";
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(app, path)));
    expect(new Set(answers.map(({ bytes }) => bytes.toString("base64"))).size).toBe(1);
    expect(cache.answering.counts).toMatchObject({ made: 1, passed: 0 });
  });

  it("answers with new numbers at once when they were counted again", async () => {
    const { app } = await world.server();
    const path = "usage-delta-series?community_id=global";
    await get(app, path);
    expect((await get(app, path)).cache).toBe("HIT");
    const [live] = await world.engine.rollups.generations();
    const progress = await world.engine.rollups.progress(live?.id ?? 0);
    await world.engine.rollups.setProgress(live?.id ?? 0, { ...progress, updatedAt: (progress.updatedAt ?? 0) + 1 });
    expect((await get(app, path)).cache).toBe("MISS");
    expect((await get(app, path)).cache).toBe("HIT");
  });
});

describe("a community that is closed", () => {
  eachInItsOwnWorld();
  const path = "usage-delta-series?community_id=A";

  it.each([
    ["restricted", { visibility: "restricted" as const }],
    ["deleted", { deleted: true }],
  ])("by being %s is refused, and nothing of it stays on disk", async (_, change) => {
    const { app, cache } = await world.server();
    await get(app, path);
    await get(app, "usage-delta-series?community_id=B");
    await cache.answering.settle();
    expect(await stored("A")()).toHaveLength(1);
    await world.engine.facts.append({ communities: [community("A", { ...change, updated: Date.now() as Instant })] });
    const { app: later } = await world.server();
    expect((await get(later, path)).status).toBe(404);
    await forgetClosed(cache.answering, await world.engine.facts.communities());
    expect([await stored("A")(), (await stored("B")()).length]).toEqual([[], 1]);
    expect(await cache.answering.scopes()).toEqual(new Set(["B"]));
  });

  it("is answered to who may read it, without being kept", async () => {
    await world.engine.facts.append({ communities: [community("S", { visibility: "restricted" })] });
    const token = "0123456789abcdef0123456789abcdef";
    const environment = { COMMUNITY_STATS_ADMIN_TOKEN: token, COMMUNITY_STATS_DATA_DIR: world.dataDir };
    const app = await testApp(world.engine, { environment, today: TODAY, cache: () => undefined, cacheOnDisk: true });
    const url = `${API}/usage-delta-series?community_id=S`;
    const headers = { authorization: `Bearer ${token}` };
    for (let n = 0; n < 2; n++) {
      const { statusCode, headers: answered } = await app.inject({ method: "GET", url, headers });
      expect([statusCode, answered["x-cache"]]).toEqual([200, "MISS"]);
    }
    await app.close();
    expect(await stored("S")()).toEqual([]);
  });
});

/** Whether it was kept, and the weekday on which it begins. */
async function firstWeek(start: string): Promise<readonly unknown[]> {
  const { app, cache } = await world.server({ COMMUNITY_STATS_WEEK_START: start });
  const answer = await get(app, "usage-delta-series?shape=columns&granularity=week");
  await cache.answering.settle();
  const { periods }: { readonly periods: readonly { readonly from: string }[] } = JSON.parse(answer.bytes.toString());
  return [answer.cache, new Date(periods[0]?.from ?? "").getUTCDay()];
}

describe("a cache file", () => {
  eachInItsOwnWorld();
  const path = "usage-delta-category?community_id=global";

  it("has no answer for a server whose weeks begin on another day", async () => {
    expect(await firstWeek("monday")).toEqual(["MISS", 1]);
    expect(await firstWeek("sunday")).toEqual(["MISS", 0]);
    expect(await firstWeek("monday")).toEqual(["HIT", 1]);
  });

  it("that is deleted under a running server costs one answer", async () => {
    const { app, cache } = await world.server();
    const first = await get(app, path);
    await cache.answering.settle();
    rmSync(world.cachePath);
    const { app: other } = await world.server();
    expect((await get(other, path)).bytes.equals(first.bytes)).toBe(true);
    expect((await get(app, path)).cache).toBe("HIT");
  });

  it("that is damaged costs one answer", async () => {
    const { app, cache } = await world.server();
    const first = await get(app, path);
    await cache.answering.settle();
    await app.close();
    writeFileSync(world.cachePath, "this is not a database, whatever it was before");
    const { app: restarted } = await world.server();
    expect((await get(restarted, path)).bytes.equals(first.bytes)).toBe(true);
    expect((await get(restarted, path)).cache).toBe("HIT");
  });
});
