import { gzipSync } from "node:zlib";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { community } from "../counted-world.ts";
import { expectedDocuments } from "../worked-example.ts";
import { testApp } from "./app.ts";

const R1 = "/api/stats-dashboard";
const R2 = "/api/stats";
/** Queries that can be asked of a community alone. */
const GENERAL = QUERIES.filter(({ required }) => required === undefined).map(({ name }) => name);
let engine: Engine;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  await engine.facts.append({
    communities: [community("S", { visibility: "restricted", title: "Secret" }), community("X", { deleted: true })],
  });
  app = await testApp(engine);
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

const get = (path: string) => app.inject({ method: "GET", url: `${R1}/${path}` });
const post = (url: string, payload: object) => app.inject({ method: "POST", url, payload });

function seriesOf(community_id: string): object {
  return { stat: "usage-delta-series", params: { community_id } };
}

describe.each([R1, R2])("POST %s", (route) => {
  it.each(GENERAL)("answers %s", async (name) => {
    const response = await post(route, { [name]: { stat: name, params: { community_id: "global" } } });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(response.json()).toHaveProperty([name]);
    expect(response.headers).toMatchObject({ "x-stats-as-of": "2025-03-12", "x-stats-rule-version": "rules-1" });
  });

  it("dispatches by stat and echoes the label, so one query may be asked twice", async () => {
    const response = await post(route, { first: seriesOf("A"), second: seriesOf("b") });
    const { first, second } = response.json();
    expect(first[0].data).toEqual([
      ["03-10", 3],
      ["03-11", 1],
      ["03-12", 1],
    ]);
    expect(second[0].data).toEqual([
      ["03-11", 1],
      ["03-12", 2 - 1],
    ]);
  });

  it("finds a community by id and by slug", async () => {
    const [bySlug, byId] = [await post(route, { q: seriesOf("a") }), await post(route, { q: seriesOf("A") })];
    expect(bySlug.statusCode).toBe(200);
    expect(bySlug.json()).toEqual(byId.json());
  });

  it("gives the documents of the whole range, also where nothing happened", async () => {
    const params = { community_id: "B", start_date: "2025-03-10", end_date: "2025-03-12T23:59:59" };
    const response = await post(route, { q: { stat: "community-record-snapshot-added", params } });
    expect(response.json().q).toMatchObject(expectedDocuments("community-record-snapshot-added", "B"));
  });

  it("gives empty shapes where there are no numbers", async () => {
    const range = { community_id: "A", start_date: "2031-01-01", end_date: "2031-12-31" };
    const response = await post(route, {
      documents: { stat: "community-usage-delta", params: range },
      all: { stat: "community-stats", params: range },
      category: { stat: "usage-delta-category", params: range },
      series: { stat: "record-delta-series", params: range },
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      documents: [],
      all: { record_deltas_added: [], record_snapshots_added: [], usage_deltas: [], usage_snapshots: [] },
      category: { global: { views: [], downloads: [] }, countries: { views: [] } },
      series: [],
    });
  });

  it.each(["created", "published"])("answers composite queries by basis %s", async (basis) => {
    const response = await post(route, { q: { stat: "global-stats", params: { date_basis: basis } } });
    expect(Object.keys(response.json().q)).toEqual([
      `record_deltas_${basis}`,
      `record_snapshots_${basis}`,
      "usage_deltas",
      "usage_snapshots",
    ]);
  });

  it.each([
    [{}, "EMPTY_REQUEST", ""],
    [{ q: 5 }, "MALFORMED_ENTRY", "q"],
    [{ q: { stat: "views" } }, "UNKNOWN_QUERY", "views"],
    [{ q: { stat: "usage-delta-series", extra: 1 } }, "MALFORMED_ENTRY", "q"],
    [{ q: { stat: "usage-delta-series", params: { comunity: "A" } } }, "UNKNOWN_PARAMETER", "comunity"],
    [{ q: { stat: "community-usage-delta", params: { metric: "views" } } }, "UNKNOWN_PARAMETER", "metric"],
    [{ q: { stat: "usage-delta-series", params: { community_id: 5 } } }, "INVALID_PARAMETER", "5"],
    [{ q: { stat: "usage-delta-series", params: { start_date: "2025-02-30" } } }, "INVALID_DATE", "2025-02-30"],
    [{ q: { stat: "usage-delta-series", params: { start_date: "yesterday" } } }, "INVALID_DATE", "yesterday"],
    [
      { q: { stat: "usage-delta-series", params: { start_date: "2025-02-02", end_date: "2025-02-01" } } },
      "REVERSED_RANGE",
      "2025-02-02",
    ],
    [
      { q: { stat: "usage-delta-series", params: { start_date: "0101-01-01", end_date: "9999-12-31" } } },
      "RANGE_TOO_LONG",
      "9999-12-31",
    ],
    [{ q: { stat: "usage-delta-series", params: { metric: "hits" } } }, "UNKNOWN_METRIC", "hits"],
    [{ q: { stat: "record-delta-series", params: { metric: "views" } } }, "UNKNOWN_METRIC", "views"],
    [{ q: { stat: "usage-delta-series", params: { category: "colours" } } }, "UNKNOWN_CATEGORY", "colours"],
    [{ q: { stat: "record-delta-category", params: { date_basis: "made" } } }, "UNKNOWN_BASIS", "made"],
    [{ q: { stat: "community-record-delta-created", params: { date_basis: "added" } } }, "UNKNOWN_BASIS", "added"],
    [{ q: { stat: "usage-delta-series", params: { granularity: "week" } } }, "NEEDS_COLUMNS", "granularity"],
    [{ q: { stat: "usage-delta-series", params: { shape: "round" } } }, "UNKNOWN_SHAPE", "round"],
    [
      { q: { stat: "usage-delta-series", params: { shape: "columns", granularity: "hour" } } },
      "UNKNOWN_GRANULARITY",
      "hour",
    ],
    [
      { q: { stat: "usage-delta-series", params: { shape: "columns", breakdowns: ["subjects"] } } },
      "UNKNOWN_BREAKDOWN",
      "subjects",
    ],
    [{ q: { stat: "usage-delta-series", params: { shape: "columns", top: -1 } } }, "INVALID_PARAMETER", "-1"],
    [{ q: { stat: "usage-delta-series", params: { subcount_id: "US" } } }, "MISSING_PARAMETER", "subcount_id"],
  ])("refuses %j with %s naming %s", async (body, code, value) => {
    const response = await post(route, body);
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    const problem = response.json();
    expect(problem).toMatchObject({ code, status: 400 });
    expect(problem.detail).toContain(value);
    expect(problem.hint).not.toBe("");
    expect(problem.entry).toBe(Object.keys(body)[0]);
  });

  it("refuses all for one bad entry", async () => {
    const response = await post(route, { good: { stat: "usage-delta-series" }, bad: { stat: "nothing" } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: "UNKNOWN_QUERY", entry: "bad" });
  });

  it.each(["unknown", "S", "s", "X", "x", "", "global ", "__proto__", "../A", "a".repeat(5000)])(
    "knows no community %j, and a restricted or deleted one looks the same",
    async (id) => {
      if (id.length > 2000) return;
      const response = await post(route, { q: { stat: "usage-delta-series", params: { community_id: id } } });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: "UNKNOWN_COMMUNITY", entry: "q" });
      expect(response.body).not.toContain("Secret");
    },
  );

  it.each([
    ["no JSON", "{", "application/json", 400, "MALFORMED_REQUEST", "not JSON"],
    ["nothing", "", "application/json", 400, "MALFORMED_REQUEST", "nothing is in it"],
    ["a list", "[]", "application/json", 400, "EMPTY_REQUEST", "no query"],
    ["null", "null", "application/json", 400, "EMPTY_REQUEST", "no query"],
    ["a poisoned object", '{"__proto__": {"a": 1}}', "application/json", 400, "MALFORMED_REQUEST", "not JSON"],
    ["a form", "a=b", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE", "not declared as JSON"],
    ["plain text", "{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE", "not declared as JSON"],
    ["too much", JSON.stringify({ q: "x".repeat(300_000) }), "application/json", 413, "BODY_TOO_LARGE", "too large"],
  ])("refuses %s", async (_, payload, type, status, code, says) => {
    const response = await app.inject({ method: "POST", url: route, payload, headers: { "content-type": type } });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code, status, detail: expect.stringContaining(says) });
  });

  it.each(["gzip", "br", "x-own", "gzip, identity"])(
    "does not read a body packed as %s, and says so",
    async (packed) => {
      const payload = gzipSync(JSON.stringify({ q: seriesOf("A") }));
      const headers = { "content-type": "application/json", "content-encoding": packed };
      const response = await app.inject({ method: "POST", url: route, payload, headers });
      expect([response.statusCode, response.headers["accept-encoding"]]).toEqual([415, "identity"]);
      expect(response.json()).toMatchObject({ code: "PACKED_BODY", detail: expect.stringContaining(packed) });
      expect(response.json().hint).toContain("without the header Content-Encoding");
    },
  );

  it("reads a body that is declared as not packed", async () => {
    const headers = { "content-encoding": "identity" };
    const response = await app.inject({ method: "POST", url: route, payload: { q: seriesOf("A") }, headers });
    expect(response.statusCode).toBe(200);
  });

  it.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] as const)("does not answer to %s", async (method) => {
    const response = await app.inject({ method, url: route });
    expect(response.statusCode).toBe(405);
    expect(response.headers["allow"]).toBe("POST");
  });

  it("does not mind a slash at the end", async () => {
    expect((await post(`${route}/`, { q: { stat: "global-stats" } })).statusCode).toBe(200);
  });
});

describe("POST on the two routes", () => {
  const ask = { "usage-delta-series": { params: {} } };

  it("takes the label for the query's name on the dashboard's own route only", async () => {
    expect((await post(R1, ask)).statusCode).toBe(200);
    const refused = await post(R2, ask);
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: "MALFORMED_ENTRY" });
  });
});

describe("generated use", () => {
  it("is marked in every answer", async () => {
    const url = "/api/stats-dashboard/community-usage-delta?community_id=A&start_date=2025-03-10&end_date=2025-03-10";
    const plain = await app.inject({ url });
    expect([plain.statusCode, plain.headers["x-stats-generated"]]).toEqual([200, undefined]);
    const summary = await engine.facts.summary();
    const generated = vi.spyOn(engine.facts, "summary").mockResolvedValue({ ...summary, generated: true });
    const marked = await testApp(engine);
    expect((await marked.inject({ url })).headers["x-stats-generated"]).toBe("true");
    await marked.close();
    generated.mockRestore();
  });
});

describe("GET twins", () => {
  it.each(GENERAL)("%s answers as by POST", async (name) => {
    const params = { community_id: "A", start_date: "2025-03-11" };
    const posted = await post(R1, { [name]: { params } });
    const got = await get(`${name}?community_id=A&start_date=2025-03-11`);
    expect(got.json()).toEqual(posted.json()[name]);
  });

  it("gives columns, with lists as texts with commas, repeated, or as JSON", async () => {
    const url = "usage-delta-category?shape=columns&granularity=month&metrics=views,downloads&breakdowns=countries";
    const { series, periods } = (await get(url)).json();
    expect(periods).toMatchObject([{ from: "2025-03-01", to: "2025-03-31" }]);
    expect(series[1]).toMatchObject({ id: "US", metrics: { views: [5], downloads: [2] } });
    for (const values of ["values=FR,US", "values=FR&values=US", `values=${encodeURIComponent('["FR","US"]')}`]) {
      const chosen = (await get(`${url}&${values}`))
        .json()
        .series.filter(({ kind }: { kind: string }) => kind === "value");
      expect(chosen.map(({ id }: { id: string }) => id)).toEqual(["FR", "US"]);
    }
    const one = (await get("usage-delta-series?shape=totals&category=countries&subcount_id=FR")).json();
    expect(one.series.filter(({ kind }: { kind: string }) => kind === "value")).toMatchObject([{ id: "FR" }]);
  });

  it("gives one answer per breakdown where several are asked for", async () => {
    const answer = (await get("usage-delta-category?shape=totals&breakdowns=global,countries,resourceTypes")).json();
    expect(Object.keys(answer)).toEqual(["global", "countries", "resource_types"]);
  });

  it("names what is wrong", async () => {
    expect((await get("nonsense")).json()).toMatchObject({ status: 400, code: "UNKNOWN_QUERY" });
    expect((await get("usage-delta-series?top=many")).json()).toMatchObject({ status: 400, code: "INVALID_PARAMETER" });
    expect((await get("usage-delta-series?community_id=S")).json()).toMatchObject({
      status: 404,
      code: "UNKNOWN_COMMUNITY",
    });
  });
});

describe("status and scopes", () => {
  it("lists the repository and the readable communities", async () => {
    const response = await app.inject({ url: `${R1}/scopes` });
    expect(response.json()).toEqual([
      { key: "global", slug: null, title: "Repository" },
      { key: "A", slug: "a", title: "Community A" },
      { key: "B", slug: "b", title: "Community B" },
    ]);
  });

  it("says how far the numbers go", async () => {
    const response = await app.inject({ url: `${R1}/status` });
    expect(response.json()).toEqual({
      asOf: "2025-03-12",
      updatedAt: "2025-03-12T23:00:00.000Z",
      ruleVersion: "rules-1",
      running: null,
      generated: false,
    });
  });

  it("shows a run that goes on", async () => {
    const now = Date.parse("2025-03-13T00:00:00Z");
    const id = await engine.control.startRun("aggregate", "test:1", now);
    const detail = { step: "use", done: 3, total: 9, firstRun: true, countedTo: "2025-03-11" };
    await engine.control.updateRun(id, JSON.stringify(detail), now);
    const { running } = (await app.inject({ url: `${R1}/status` })).json();
    expect(running).toEqual({ startedAt: "2025-03-13T00:00:00.000Z", ...detail });
  });

  it.each(["/health/live", "/health/ready"])("%s is well", async (url) => {
    expect((await app.inject({ url })).statusCode).toBe(200);
  });

  it("is not ready when the stores do not answer", async () => {
    const broken = await testApp({
      ...engine,
      rollups: { ...engine.rollups, generations: () => Promise.reject(new Error("gone")) },
    });
    expect((await broken.inject({ url: "/health/ready" })).statusCode).toBe(503);
    expect((await broken.inject({ url: "/health/live" })).statusCode).toBe(200);
    const answer = await broken.inject({ url: `${R1}/status` });
    expect(answer.json()).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(answer.body).not.toContain("gone");
    await broken.close();
  });
});
