import { gunzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleApp } from "./app.ts";

const R1 = "/api/stats-dashboard";
const CLOSED = "record-delta-series?date_basis=published&start_date=2023-01-01&end_date=2024-12-31";
const CURRENT = "usage-delta-series";
let app: FastifyInstance;

beforeAll(async () => {
  app = await exampleApp();
});
afterAll(() => app.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ url: `${R1}/${path}`, headers });

describe("ETag", () => {
  it("is strong, and of content and encoding", async () => {
    const [plain, gzip, br, other] = [
      await get(CURRENT),
      await get(CURRENT, { "accept-encoding": "gzip" }),
      await get(CURRENT, { "accept-encoding": "br" }),
      await get(`${CURRENT}?metric=downloads`),
    ];
    const tags = [plain, gzip, br, other].map(({ headers }) => String(headers.etag));
    expect(new Set(tags).size).toBe(4);
    for (const tag of tags) expect(tag).toMatch(/^"[^"]+"$/);
    expect((await get(CURRENT)).headers.etag).toBe(tags[0]);
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
  });

  it.each(["json", "csv", "csv.tar.gz", "xlsx", "xml"])("is the same for the same file: %s", async (format) => {
    const [first, second] = [await get(`${CURRENT}?format=${format}`), await get(`${CURRENT}?format=${format}`)];
    expect(first.headers.etag).toBeDefined();
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(second.rawPayload.equals(first.rawPayload)).toBe(true);
  });

  it("spares who holds the answer its content", async () => {
    const { etag = "" } = (await get(CURRENT)).headers;
    for (const held of [String(etag), `"x", W/${etag}`, "*"]) {
      const response = await get(CURRENT, { "if-none-match": held });
      expect([held, response.statusCode, response.body]).toEqual([held, 304, ""]);
      expect(response.headers).toMatchObject({
        etag,
        vary: "Accept, Accept-Encoding",
        "cache-control": "public, max-age=60",
      });
      expect(response.headers).not.toHaveProperty("content-disposition");
    }
    for (const held of ['"x"', String(etag).slice(0, -2), ""]) {
      expect((await get(CURRENT, { "if-none-match": held })).statusCode).toBe(200);
    }
  });

  it("of another format or encoding is another one", async () => {
    const { etag = "" } = (await get(CURRENT)).headers;
    expect((await get(CURRENT, { "if-none-match": String(etag), "accept-encoding": "gzip" })).statusCode).toBe(200);
    expect((await get(CURRENT, { "if-none-match": String(etag), accept: "text/csv" })).statusCode).toBe(200);
  });

  it("never spares a refusal", async () => {
    expect((await get("nonsense", { "if-none-match": "*" })).statusCode).toBe(400);
  });

  it("is not looked at by POST", async () => {
    const payload = { [CURRENT]: {} };
    const response = await app.inject({ method: "POST", url: R1, payload, headers: { "if-none-match": "*" } });
    expect(response.statusCode).toBe(200);
    expect(response.headers["cache-control"]).toBe("no-store");
  });
});

describe("Cache-Control", () => {
  it("is short where numbers still come", async () => {
    expect((await get(CURRENT)).headers["cache-control"]).toBe("public, max-age=60");
    expect((await get(`${CURRENT}?end_date=2025-03-11`)).headers["cache-control"]).toBe("public, max-age=60");
  });

  it("is longer for closed years, which late events may restate", async () => {
    const { headers } = await get(CLOSED);
    expect(headers["cache-control"]).toBe("public, max-age=3600, stale-while-revalidate=86400");
  });

  it("is for good only where the address names the numbers as they are", async () => {
    const version = String((await get(CLOSED)).headers["x-stats-version"]);
    expect(version).toBe("rules-1.20250312230000000");
    const named = await get(`${CLOSED}&version=${version}`);
    expect(named.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect((await get(`${CLOSED}&version=older`)).headers["cache-control"]).not.toContain("immutable");
    expect((await get(`${CURRENT}?version=${version}`)).headers["cache-control"]).toBe("public, max-age=60");
  });

  it("keeps the answer about a community from shared caches where a credential was shown", async () => {
    const path = `${CURRENT}?community_id=a`;
    expect((await get(path)).headers["cache-control"]).toContain("public");
    expect((await get(path, { cookie: "session=1" })).headers["cache-control"]).toMatch(/^private/);
  });
});

describe("HEAD", () => {
  it.each(["json", "csv", "xlsx"])("has the headers of GET and no content: %s", async (format) => {
    const url = `${R1}/${CURRENT}?format=${format}`;
    const [head, got] = [await app.inject({ method: "HEAD", url }), await app.inject({ url })];
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    for (const name of ["etag", "content-type", "content-length", "content-disposition", "cache-control", "vary"]) {
      expect([name, head.headers[name]]).toEqual([name, got.headers[name]]);
    }
    const held = await app.inject({ method: "HEAD", url, headers: { "if-none-match": String(got.headers.etag) } });
    expect(held.statusCode).toBe(304);
  });
});
