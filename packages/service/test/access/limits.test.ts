import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import { accessWorld, ROUTES } from "./access-world.ts";

let engine: Engine;
let app: FastifyInstance;
beforeAll(async () => {
  engine = await accessWorld();
});
afterAll(() => engine.close());
afterEach(() => app.close());

const QUERY = ROUTES["GET twin"]("physics", "json");

async function open(environment: Readonly<Record<string, string>>): Promise<void> {
  app = await testApp(engine, { environment });
}

async function spend(count: number, options: InjectOptions): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await app.inject({ ...QUERY, ...options })).statusCode);
  return statuses;
}

/** As a proxy passes a request on. */
function forwarded(address: string): InjectOptions {
  return { remoteAddress: "10.1.2.3", headers: { "x-forwarded-for": address } };
}

function post(payload: string): InjectOptions {
  return { method: "POST", url: "/api/stats", payload, headers: { "content-type": "application/json" } };
}

function range(end: string): InjectOptions {
  return { url: `/api/stats-dashboard/usage-delta-series?start_date=2020-01-01&end_date=${end}` };
}

describe("requests a minute", () => {
  it("are counted by address, told in headers, and refused beyond with the time to wait", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "3" });
    const first = await app.inject({ ...QUERY, remoteAddress: "198.51.100.1" });
    expect(first.headers).toMatchObject({ "x-ratelimit-limit": "3", "x-ratelimit-remaining": "2" });
    expect(await spend(2, { remoteAddress: "198.51.100.1" })).toEqual([200, 200]);
    const refused = await app.inject({ ...QUERY, remoteAddress: "198.51.100.1" });
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: "TOO_MANY_REQUESTS", status: 429 });
    expect(refused.headers["content-type"]).toContain("application/problem+json");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(refused.headers).toMatchObject({ "x-ratelimit-remaining": "0" });
    expect(await spend(1, { remoteAddress: "198.51.100.2" })).toEqual([200]);
  });

  it("cover pages, lists and addresses that do not exist, but not what machines ask", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "3" });
    for (const url of ["/stats", "/api/stats-dashboard/scopes", "/nowhere"]) await app.inject({ url });
    expect((await app.inject({ url: "/stats" })).statusCode).toBe(429);
    expect((await app.inject({ url: "/nowhere" })).statusCode).toBe(429);
    expect((await app.inject({ url: "/health/live" })).statusCode).toBe(200);
  });

  it("of IPv6 are counted by network: who has one has all its addresses", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "2" });
    expect(await spend(1, { remoteAddress: "2001:db8:1:2::1" })).toEqual([200]);
    expect(await spend(1, { remoteAddress: "2001:db8:1:2:ffff::9" })).toEqual([200]);
    expect(await spend(1, { remoteAddress: "2001:db8:1:2:3::3" })).toEqual([429]);
    expect(await spend(1, { remoteAddress: "2001:db8:1:3::1" })).toEqual([200]);
  });

  it("with one token are counted wherever they come from", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_TOKEN: "3" });
    const headers = { authorization: "Bearer lab-token-reader" };
    for (let host = 1; host <= 3; host++) {
      expect(await spend(1, { headers, remoteAddress: `198.51.100.${host}` })).toEqual([200]);
    }
    expect(await spend(1, { headers, remoteAddress: "198.51.100.4" })).toEqual([429]);
    expect(await spend(1, { headers: { authorization: "Bearer another" }, remoteAddress: "198.51.100.4" })).toEqual([
      200,
    ]);
    expect(await spend(1, { remoteAddress: "198.51.100.4" })).toEqual([200]);
  });

  it("of an address are not stretched by a new token each time", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "2", COMMUNITY_STATS_RATE_LIMIT_TOKEN: "9" });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) {
      statuses.push(...(await spend(1, { headers: { authorization: `Bearer t${index}` } })));
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it("believe the word of a named proxy, and of nobody else", async () => {
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "1", COMMUNITY_STATS_TRUSTED_PROXIES: "loopback, 10.0.0.0/8" });
    expect(await spend(1, forwarded("198.51.100.1"))).toEqual([200]);
    expect(await spend(1, forwarded("198.51.100.2"))).toEqual([200]);
    expect(await spend(1, forwarded("198.51.100.2"))).toEqual([429]);
    await app.close();
    await open({ COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "1" });
    expect(await spend(1, forwarded("198.51.100.1"))).toEqual([200]);
    expect(await spend(1, forwarded("198.51.100.2"))).toEqual([429]);
  });

  it("are not counted where the limit is 0", async () => {
    await open({});
    const statuses = await spend(50, { headers: { authorization: "Bearer t" } });
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe("the size of a request", () => {
  it("is bounded: 413 with a problem", async () => {
    await open({ COMMUNITY_STATS_MAX_BODY_BYTES: "2048" });
    const { statusCode, body } = await app.inject(post(JSON.stringify({ a: "x".repeat(4000) })));
    expect([statusCode, JSON.parse(body).code]).toEqual([413, "BODY_TOO_LARGE"]);
  });

  it("is bounded in queries: 400 that names the bound", async () => {
    await open({ COMMUNITY_STATS_MAX_QUERIES: "2" });
    const entry = { stat: "usage-delta-series", params: {} };
    expect((await app.inject(post(JSON.stringify({ a: entry, b: entry })))).statusCode).toBe(200);
    const { statusCode, body } = await app.inject(post(JSON.stringify({ a: entry, b: entry, c: entry })));
    expect([statusCode, JSON.parse(body).code]).toEqual([400, "TOO_MANY_QUERIES"]);
    expect(JSON.parse(body).hint).toContain("2");
  });

  it("is bounded in years: 400 that names the bound", async () => {
    await open({ COMMUNITY_STATS_MAX_RANGE_YEARS: "2" });
    expect((await app.inject(range("2021-12-31"))).statusCode).toBe(200);
    const { statusCode, body } = await app.inject(range("2022-01-02"));
    expect([statusCode, JSON.parse(body).code]).toEqual([400, "RANGE_TOO_LONG"]);
    expect(JSON.parse(body).hint).toContain("731");
  });
});

/** Sends the text, and then nothing; resolves with all that came until the server closed the connection. */
async function trickle(text: string): Promise<{ readonly answer: string; readonly seconds: number }> {
  const { port } = app.server.address() as AddressInfo;
  const begun = performance.now();
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  socket.on("error", () => undefined);
  socket.write(text);
  await once(socket, "close");
  return { answer, seconds: (performance.now() - begun) / 1000 };
}

describe("a caller that is slow on purpose", () => {
  it.each([
    ["headers that never end", "GET /stats HTTP/1.1\r\nHost: x\r\nX-One: 1\r\n"],
    [
      "a body that never comes",
      "POST /api/stats HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    ],
  ])("is let go: %s", async (_, text) => {
    await open({ COMMUNITY_STATS_ARRIVAL_TIMEOUT: "1" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { answer, seconds } = await trickle(text);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(problemIn(answer)).toMatchObject({ status: 408, code: "REQUEST_TIMEOUT" });
    expect(seconds).toBeLessThan(8);
  });
});

/** The body, where the head says that it is a problem. */
function problemIn(answer: string): unknown {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toContain("Content-Type: application/problem+json; charset=utf-8");
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
  return JSON.parse(body);
}

describe("what never becomes a request", () => {
  it.each([
    [
      "headers beyond 16 kB",
      `GET /stats HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
      431,
      "HEADERS_TOO_LARGE",
    ],
    [
      "an address beyond 16 kB",
      `GET /stats?${"x".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      "HEADERS_TOO_LARGE",
    ],
    ["no HTTP at all", "\u0016\u0003\u0001 TLS, perhaps\r\n\r\n", 400, "MALFORMED_REQUEST"],
  ])("gets its problem as well: %s", async (_, text, status, code) => {
    await open({});
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { answer } = await trickle(text);
    expect(answer.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(problemIn(answer)).toMatchObject({ status, code });
  });
});

describe("the configuration of access", () => {
  it.each([
    ["COMMUNITY_STATS_INVENIO_URL", "repository.example", "not an address"],
    ["COMMUNITY_STATS_INVENIO_URL", "ftp://repository.example", "not an address"],
    ["COMMUNITY_STATS_INVENIO_URL", "https://me:pw@repository.example", "name or password"],
    ["COMMUNITY_STATS_INVENIO_URL", "https://repository.example/?x=1", "with \\? or #"],
    ["COMMUNITY_STATS_ADMIN_TOKEN", "has a blank in it, and is long", "blanks"],
    ["COMMUNITY_STATS_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example", '"proxy.example" is no address'],
    ["COMMUNITY_STATS_TRUSTED_PROXIES", "10.0.0.0/33", "no address"],
    ["COMMUNITY_STATS_RATE_LIMIT_ADDRESS", "-1", "COMMUNITY_STATS_RATE_LIMIT_ADDRESS"],
    ["COMMUNITY_STATS_MAX_EXPORTS", "0", "COMMUNITY_STATS_MAX_EXPORTS"],
  ])("%s = %s is refused", async (name, value, message) => {
    await open({});
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(message));
  });

  it("takes an address without its last slash", async () => {
    await open({});
    const { access } = loadConfig({ COMMUNITY_STATS_INVENIO_URL: "https://repository.example/base//" });
    expect(access.repositoryUrl).toBe("https://repository.example/base");
  });
});
