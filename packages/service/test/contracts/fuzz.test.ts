import { QUERIES } from "@community-stats/contract/queries.ts";
import {
  anything,
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  json,
  oneof,
  record,
  string,
} from "fast-check";
import type { FastifyInstance, InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyText } from "../any-text.ts";
import { exampleApp } from "./app.ts";

let app: FastifyInstance;

beforeAll(async () => {
  app = await exampleApp();
});
afterAll(() => app.close());

const RUNS = 400;
const names = QUERIES.map(({ name }) => name);
const dates = constantFrom("2025-03-10", "2025-03-12", "2024-02-29", "2023-02-29", "1000-01-01", "9999-12-31", "", "x");
const parameters = record(
  {
    community_id: oneof(constantFrom("global", "A", "b", "zzz"), string()),
    start_date: oneof(dates, string()),
    end_date: dates,
    date_basis: constantFrom("added", "created", "published", "none"),
    category: oneof(constantFrom("global", "countries", "file_presence", "rightsByView"), string()),
    metric: oneof(constantFrom("views", "data_volume", "records", "constructor"), string()),
    subcount_id: string(),
    optimize: anything(),
    shape: constantFrom("columns", "totals", "legacy"),
    granularity: constantFrom("day", "week", "month", "quarter", "year", "aeon"),
    metrics: oneof(array(constantFrom("views", "visitors", "records", "works")), string()),
    breakdowns: oneof(array(constantFrom("countries", "global", "toString")), anything()),
    values: oneof(array(string()), anything()),
    top: anything(),
    component_names: oneof(array(constantFrom("StatsMap", "hasOwnProperty")), anything()),
    record_id: oneof(constantFrom("r1", "__proto__"), string()),
    per: constantFrom("record", "parent", "work"),
    limit: anything(),
    offset: anything(),
  },
  { requiredKeys: [] },
);
const statuses = [200, 302, 400, 404, 405, 413, 414, 415];

const NO_PROBLEM = { code: "", detail: "", hint: "" };

async function isHandled(options: InjectOptions): Promise<void> {
  const response = await app.inject(options);
  expect(statuses).toContain(response.statusCode);
  const type = String(response.headers["content-type"]);
  const problem =
    response.statusCode >= 400 && type.includes("json") && response.body !== "" ? response.json() : NO_PROBLEM;
  expect([problem.code, problem.detail, problem.hint].map((text) => typeof text)).toEqual([
    "string",
    "string",
    "string",
  ]);
}

describe("whatever is sent", () => {
  it("gets an answer or a clear refusal: bodies of queries", async () => {
    const entry = record(
      { stat: oneof(constantFrom(...names), string()), params: parameters },
      { requiredKeys: ["stat"] },
    );
    await assert(
      asyncProperty(constantFrom("/api/stats", "/api/stats-dashboard"), dictionary(string(), entry), (url, body) =>
        isHandled({
          method: "POST",
          url,
          payload: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
      ),
      { numRuns: RUNS },
    );
  });

  it("gets an answer or a clear refusal: any body", async () => {
    const types = constantFrom(
      "application/json",
      "text/plain",
      "application/json; charset=latin1",
      "multipart/form-data",
      "",
    );
    await assert(
      asyncProperty(oneof(json(), string()), types, (payload, type) =>
        isHandled({ method: "POST", url: "/api/stats", payload, headers: { "content-type": type } }),
      ),
      { numRuns: RUNS },
    );
  });

  it("gets an answer or a clear refusal: addresses", async () => {
    const segment = oneof(
      constantFrom(
        "api",
        "stats",
        "stats-dashboard",
        "communities",
        "status",
        "scopes",
        "assets",
        "..",
        "%",
        "%2e",
        "a",
        ...names,
      ),
      anyText().map((text) => text.replaceAll(/[\s#]/g, "")),
    );
    const method = constantFrom(
      "GET" as const,
      "POST" as const,
      "PUT" as const,
      "HEAD" as const,
      "OPTIONS" as const,
      "DELETE" as const,
    );
    await assert(
      asyncProperty(array(segment, { maxLength: 5 }), string(), method, (segments, query, verb) =>
        isHandled({ method: verb, url: `/${segments.join("/")}?${query.replaceAll("#", "")}` }),
      ),
      { numRuns: RUNS },
    );
  });

  it("gets an answer or a clear refusal: parameters of GET", async () => {
    await assert(
      asyncProperty(
        constantFrom(...names),
        dictionary(constantFrom("community_id", "metrics", "top", "values", "shape", "x"), array(string())),
        (name, query) => {
          const search = new URLSearchParams(
            Object.entries(query).flatMap(([key, list]) => list.map((value): [string, string] => [key, value])),
          );
          return isHandled({ url: `/api/stats-dashboard/${name}?${search}` });
        },
      ),
      { numRuns: RUNS },
    );
  });
});
