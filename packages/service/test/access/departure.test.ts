import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import { community, day, writeRollups } from "../counted-world.ts";

const YEARS = 14;
const VALUES = 40;

let engine: Engine;
let app: FastifyInstance;
/** Tables that were read from the store, and how long each takes. */
const store = { reads: 0, delayMs: 0 };

/** One day a month with use by people of many countries, over so many years that an answer takes a while. */
async function longWorld(): Promise<Engine> {
  const made = openMemory({ clock: Date.now });
  await made.facts.append({ communities: [community("A")] });
  const first = day("1960-01-01");
  const rows = Array.from({ length: YEARS * 12 }, (_, month) => {
    const date = dayFromNumber((first + month * 30) as DayNumber);
    const counters = { viewEvents: 3, viewVisitors: 2, visitors: 2 };
    const total = { breakdown: "", id: "", day: date, counters };
    const values = Array.from({ length: VALUES }, (__, value) => ({
      breakdown: "countries",
      id: `C${value}`,
      day: date,
      counters,
    }));
    return [total, ...values];
  }).flat();
  await writeRollups(made, [{ scope: "global", kind: "usage", rows }], { through: "1973-12-31" });
  return made;
}

beforeAll(async () => {
  engine = await longWorld();
  const { rollups } = engine;
  const read = rollups.read.bind(rollups);
  rollups.read = async (...given) => {
    store.reads++;
    if (store.delayMs > 0) await wait(store.delayMs);
    return await read(...given);
  };
});
beforeEach(() => {
  Object.assign(store, { reads: 0, delayMs: 0 });
});
afterEach(() => app.close());
afterAll(() => engine.close());

async function listen(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await testApp(engine, { environment });
  await app.listen({ port: 0, host: "127.0.0.1" });
}

function ask(path: string, body: object | null): ClientRequest {
  const { port } = app.server.address() as AddressInfo;
  const headers = { "content-type": "application/json", connection: "close" };
  const asked = request({ port, path, method: body === null ? "GET" : "POST", headers });
  asked.on("error", () => undefined);
  asked.end(body === null ? undefined : JSON.stringify(body));
  return asked;
}

async function whole(
  asked: ClientRequest,
): Promise<{ readonly status: number; readonly bytes: number; readonly text: string }> {
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, bytes: text.length, text };
}

/** Milliseconds of computing by this process from now until nothing has happened for a while. */
async function computing(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  for (let last = process.cpuUsage(); ;) {
    await wait(300);
    const now = process.cpuUsage(last);
    if (now.user + now.system < 60_000) break;
    last = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const ENTRIES = Object.fromEntries(
  Array.from({ length: 16 }, (_, index) => {
    const params = { start_date: "1960-01-01", end_date: "1960-01-07" };
    return [`q${index}`, { stat: "usage-delta-category", params }];
  }),
);

describe("a caller that goes away", () => {
  it("while queries are read: the rest of them is not read", async () => {
    await listen();
    store.delayMs = 10;
    expect((await whole(ask("/api/stats", ENTRIES))).status).toBe(200);
    const all = store.reads;
    const leaving = ask("/api/stats", ENTRIES);
    await vi.waitUntil(() => store.reads >= all + 3, { interval: 1, timeout: 10_000 });
    leaving.destroy();
    await wait(300);
    const after = store.reads;
    await wait(500);
    expect(store.reads).toBe(after);
    expect(after - all).toBeLessThan(all / 2);
  });

  /** Each takes about a second. */
  it.each([
    ["json", 1972],
    ["csv", 1962],
    ["xlsx", 1962],
    ["xml", 1968],
  ])("while %s is sent: the rest of it is not made", async (format, lastYear) => {
    await listen();
    const path = `/api/stats-dashboard/usage-snapshot-category?category=countries&format=${format}&start_date=1960-01-01&end_date=${lastYear}-12-31`;
    const stayed = await computing(async () => expect((await whole(ask(path, null))).status).toBe(200));
    const leave = async (): Promise<void> => {
      const leaving = ask(path, null);
      await once(leaving, "socket");
      await wait(stayed / 20);
      leaving.destroy();
    };
    const limit = stayed * 0.6;
    const first = await computing(leave);
    // Garbage of the answer before may fall due meanwhile, but not each time.
    const left = first < limit ? first : await computing(leave);
    expect(left).toBeLessThan(limit);
  });

  it("before its query was looked at: it takes no place for a file", async () => {
    await listen({ COMMUNITY_STATS_MAX_EXPORTS: "1" });
    const path = "/api/stats-dashboard/usage-delta-category?category=countries&format=xlsx&community_id=A";
    const [looking, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const found = await engine.facts.communities();
    const communities = vi.spyOn(engine.facts, "communities").mockImplementationOnce(async () => {
      looking.resolve();
      await gone.promise;
      return found;
    });
    const connected = once(app.server, "connection");
    const leaving = ask(path, null);
    const [socket] = await connected;
    await looking.promise;
    leaving.destroy();
    await once(socket, "close");
    gone.resolve();
    expect((await app.inject({ url: path })).statusCode).toBe(200);
    expect((await app.inject({ url: path })).statusCode).toBe(200);
    communities.mockRestore();
  });

  it("gives its place for a file back", async () => {
    await listen({ COMMUNITY_STATS_MAX_EXPORTS: "1" });
    const path = "/api/stats-dashboard/usage-snapshot-category?category=countries&format=xlsx";
    store.delayMs = 500;
    const leaving = ask(path, null);
    await vi.waitUntil(() => store.reads > 0, { interval: 1, timeout: 10_000 });
    const another = async () => (await app.inject({ url: `${path}&end_date=1960-01-02` })).statusCode;
    expect(await another()).toBe(429);
    leaving.destroy();
    store.delayMs = 0;
    await vi.waitUntil(async () => (await another()) === 200, { interval: 50, timeout: 10_000 });
    expect(await another()).toBe(200);
  });
});

const MOST_PART = 0.15;
const TRIES = 3;

/** The least of some tries, as long as it is too much: what the work does comes again each time, what a busy machine does need not. */
async function leastTurn(limit: number, work: () => Promise<unknown>): Promise<number> {
  let least = 1;
  for (let tried = 0; tried < TRIES && least >= limit; tried++) least = Math.min(least, await longestTurn(work));
  return least;
}

/** The longest time in which nothing else had its turn while the work went on, as a part of the whole. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let [last, longest, isOver] = [begun, 0, false];
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  return longest / (performance.now() - begun);
}

describe("a long answer", () => {
  /** Tables are read, series are made, and what is written first is gathered until its length is known. */
  it.each([
    ["json", "usage-snapshot-category?category=countries&end_date=1973-12-31"],
    ["xml", "usage-snapshot-category?category=countries&end_date=1966-12-31"],
    ["json", "community-usage-snapshot?end_date=1969-12-31"],
    ["csv.tar.gz", "community-usage-snapshot?end_date=1966-12-31"],
  ])("leaves everybody else their turn: %s of %s", async (format, query) => {
    await listen();
    const path = `/api/stats-dashboard/${query}&format=${format}`;
    await whole(ask(path, null));
    const part = await leastTurn(MOST_PART, async () => {
      const { status, bytes } = await whole(ask(path, null));
      expect([status, bytes > 1 << 16]).toEqual([200, true]);
    });
    expect(part).toBeLessThan(MOST_PART);
  });
});

describe("files that are made at once", () => {
  it("are so many; who comes on top is told when to come again, and JSON goes on", async () => {
    await listen({ COMMUNITY_STATS_MAX_EXPORTS: "2" });
    const url = "/api/stats-dashboard/usage-snapshot-category?category=countries&end_date=1960-01-07";
    store.delayMs = 200;
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.inject({ url: `${url}&format=xlsx` })));
    const told = answers.map(({ statusCode }) => statusCode).toSorted();
    expect(told).toEqual([200, 200, 429, 429, 429]);
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    expect(refused?.json()).toMatchObject({ code: "TOO_MANY_EXPORTS" });
    expect(refused?.headers).toMatchObject({
      "retry-after": "5",
      "content-type": expect.stringContaining("problem+json"),
    });
    expect((await app.inject({ url })).statusCode).toBe(200);
    expect((await app.inject({ url: `${url}&format=xlsx` })).statusCode).toBe(200);
  });
});

describe("an answer that takes too long", () => {
  it("is given up with a problem that says what helps", async () => {
    store.delayMs = 100;
    await listen({ COMMUNITY_STATS_ANSWER_TIMEOUT: "1" });
    const { status, text } = await whole(ask("/api/stats", ENTRIES));
    expect([status, JSON.parse(text).code]).toEqual([503, "TOOK_TOO_LONG"]);
  });
});
