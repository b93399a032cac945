import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { UsageDelta } from "@community-stats/contract/documents.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { writeRollups } from "../counted-world.ts";
import { expectedDocuments } from "../worked-example.ts";
import { testApp } from "./app.ts";
import { readArchive, readCsv, readXlsx, readXml, untar, type ReadTable } from "./export-readers.ts";
import { tablesOfJson } from "./json-tables.ts";

const R1 = "/api/stats-dashboard";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SCHEMA = "/schemas/data-series-1.xsd";
const folder = mkdtempSync(join(tmpdir(), "formats-"));
let engine: Engine;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  app = await testApp(engine, { environment: { SITE_UI_URL: "https://repository.example" } });
});
afterAll(async () => {
  await app.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ url: `${R1}/${path}`, headers });

/** One request for each kind of answer: name of the query, its parameters. */
const REQUESTS: readonly (readonly [query: string, params: Readonly<Record<string, string>>])[] = [
  ...QUERIES.filter(({ form }) => form === "documents" || form === "composite" || form === "category").map(
    ({ name }) => [name, { community_id: "a" }] as const,
  ),
  ["usage-delta-series", { category: "countries", metric: "views" }],
  ["usage-snapshot-series", { category: "countriesByDownload", metric: "dataVolume" }],
  ["record-delta-series", { category: "global", metric: "uploaders" }],
  ["record-snapshot-series", { category: "filePresence", metric: "records", community_id: "B" }],
  ["record-delta-category", { date_basis: "published", start_date: "2023-01-01" }],
  [
    "usage-delta-category",
    { shape: "columns", granularity: "week", metrics: "views,visitors", breakdowns: "countries" },
  ],
  ["usage-delta-category", { shape: "columns", breakdowns: "countries", top: "1", metrics: "downloads" }],
  ["record-snapshot-category", { shape: "totals", metrics: "records,dataVolume", breakdowns: "resource_types" }],
  ["record-delta-category", { shape: "columns", start_date: "2025-03-01", metrics: "works" }],
  ["usage-delta-category", { start_date: "2031-01-01", end_date: "2031-02-01" }],
];

function address(query: string, params: Readonly<Record<string, string>>): string {
  return `${query}?${new URLSearchParams(params)}`;
}

const inOrder = (list: readonly (number | null)[]) => list.toSorted((a, b) => Number(a) - Number(b));
const filled = (tables: readonly ReadTable[]) => tables.filter(({ rows }) => rows.length > 0);
const rowsOnly = (tables: readonly ReadTable[]) => filled(tables).map(({ rows }) => rows);

describe.each(REQUESTS)("%s %j", (query, params) => {
  const url = address(query, params);

  it("gives the same numbers as CSV", async () => {
    const expected = tablesOfJson(query, (await get(url)).json(), params);
    const archive = await get(`${url}&format=csv.tar.gz`);
    expect(archive.headers).toMatchObject({ "content-type": "application/gzip" });
    expect(archive.headers).not.toHaveProperty("content-encoding");
    expect(filled(await readArchive(archive.rawPayload))).toEqual(filled(expected));
  });

  it("gives the same numbers as XLSX", async () => {
    const expected = tablesOfJson(query, (await get(url)).json(), params);
    const book = await get(url, { accept: XLSX });
    expect(book.headers["content-type"]).toBe(XLSX);
    expect(rowsOnly(await readXlsx(book.rawPayload))).toEqual(rowsOnly(expected));
  });

  it("gives the same numbers as XML, valid against the published schema", async () => {
    const expected = tablesOfJson(query, (await get(url)).json(), params);
    const document = await get(url, { accept: "application/xml" });
    expect(document.headers["content-type"]).toBe("application/xml; charset=utf-8");
    expect(filled(readXml(document.body))).toEqual(filled(expected));
    const schema = await app.inject({ url: SCHEMA });
    writeFileSync(join(folder, "schema.xsd"), schema.body);
    writeFileSync(join(folder, "document.xml"), document.body);
    const check = ["--noout", "--schema", join(folder, "schema.xsd"), join(folder, "document.xml")];
    expect(() => execFileSync("xmllint", check, { stdio: "pipe" })).not.toThrow();
  });

  it("gives the same file by POST", async () => {
    const payload = { [query]: { params } };
    const posted = await app.inject({ method: "POST", url: `${R1}?format=csv.tar.gz`, payload });
    const got = await get(`${url}&format=csv.tar.gz`);
    expect(posted.statusCode).toBe(200);
    expect(posted.rawPayload.equals(got.rawPayload)).toBe(true);
  });
});

describe("CSV", () => {
  it("is one file where one table answers, also without any numbers", async () => {
    const url = address("usage-delta-series", { category: "countries", metric: "views" });
    const response = await get(url, { accept: "text/csv" });
    expect(response.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": 'attachment; filename="stats_global_usage-delta-series_2025-03-10_to_2025-03-12.csv"',
    });
    const days = expectedDocuments<UsageDelta>("community-usage-delta", "global");
    const views = days.flatMap(({ subcounts }) => subcounts["countries"]?.map(({ view }) => view.total_events) ?? []);
    expect(inOrder(readCsv(response.body).map(({ value }) => value))).toEqual(inOrder(views));
    const empty = await get(`${url}&start_date=2031-01-01`, { accept: "text/csv" });
    expect(empty.body).toBe("id,label,date,value,units\r\n");
  });

  it("names the last day that is in it, though that one is not complete", async () => {
    const unfinished = openMemory({ clock: Date.now });
    const rows = ["2025-03-10", "2025-03-12"].map((date) => ({
      breakdown: "",
      id: "",
      day: date,
      counters: { viewEvents: 1 },
    }));
    await writeRollups(unfinished, [{ scope: "global", kind: "usage", rows }], {
      through: "2025-03-10",
      counted: "2025-03-12",
    });
    const other = await testApp(unfinished, { today: "2025-03-12" });
    const { headers, body } = await other.inject({ url: `${R1}/usage-delta-series?format=csv` });
    expect(headers["content-disposition"]).toContain("_2025-03-10_to_2025-03-12.csv");
    expect(readCsv(body).at(-1)).toMatchObject({ date: "2025-03-12", value: 1 });
    const later = await other.inject({ url: `${R1}/usage-delta-series?format=csv&start_date=2025-03-20` });
    expect(later.headers["content-disposition"]).toContain("_2025-03-20_to_2025-03-20.csv");
    const about = await untar((await other.inject({ url: `${R1}/usage-delta-series?format=csv.tar.gz` })).rawPayload);
    expect(about.get("about.csv")).toContain("\nto,2025-03-12\r\ngranularity,day\r\ncomplete to,2025-03-10\r\n");
    await other.close();
    await unfinished.close();
  });

  it("is an archive where there are several, for system tar as well", async () => {
    const response = await get(address("usage-delta-category", { community_id: "a" }), { accept: "text/csv" });
    expect(response.headers["content-type"]).toBe("application/gzip");
    expect(response.headers["content-disposition"]).toContain('filename="stats_a_usage-delta-category_');
    const path = join(folder, "archive.tar.gz");
    writeFileSync(path, response.rawPayload);
    mkdirSync(join(folder, "archive"), { recursive: true });
    execFileSync("tar", ["-xzf", path, "-C", join(folder, "archive")]);
    const views = readFileSync(join(folder, "archive/usage-delta-category/global/views.csv"), "utf8");
    expect(readCsv(views).map(({ value }) => value)).toEqual([3, 1, 1]);
  });

  it("says in about.csv what it is about", async () => {
    const response = await get(address("usage-delta-category", { community_id: "a", format: "csv" }));
    const about = (await untar(response.rawPayload)).get("about.csv") ?? "";
    expect(about).toContain("community slug,a\r\n");
    expect(about).toContain("community page,https://repository.example/communities/a\r\n");
    expect(about).toContain("rule version,rules-1\r\n");
    expect(about).toContain("complete to,2025-03-12\r\n");
  });
});

describe("the choice of a format", () => {
  it.each([
    ["application/json", "application/json; charset=utf-8"],
    ["application/json, text/plain, */*", "application/json; charset=utf-8"],
    ["*/*", "application/json; charset=utf-8"],
    ["", "application/json; charset=utf-8"],
    [" , ", "application/json; charset=utf-8"],
    ["application/*", "application/json; charset=utf-8"],
    ["application/json; charset=utf-8", "application/json; charset=utf-8"],
    ["application/json;q=0.5, application/xml;q=0.9", "application/xml; charset=utf-8"],
    ["text/html, application/xml;q=0.9, */*;q=0.8", "application/xml; charset=utf-8"],
    ["text/xml", "application/xml; charset=utf-8"],
    ["text/csv", "application/gzip"],
    ["application/gzip", "application/gzip"],
    [XLSX, XLSX],
    [`application/json;q=0, ${XLSX}`, XLSX],
  ])("takes Accept: %s as %s", async (accept, type) => {
    const response = await get("usage-delta-category", { accept });
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ "content-type": type, vary: "Accept, Accept-Encoding" });
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
  });

  it.each(["text/html", "image/png", "text/html;x=application/json", "application/json;q=0"])(
    "refuses Accept: %s and lists what is offered",
    async (accept) => {
      const response = await get("usage-delta-category", { accept });
      expect(response.statusCode).toBe(406);
      expect(response.json()).toMatchObject({ code: "NOT_ACCEPTABLE", status: 406 });
      expect(response.json().hint).toContain("application/json, application/json+gzip");
      expect(response.json().hint).toContain(XLSX);
    },
  );

  it("prefers format= to Accept, and names the formats where it is none", async () => {
    const chosen = await get("usage-delta-category?format=json", { accept: "text/csv" });
    expect(chosen.headers["content-type"]).toBe("application/json; charset=utf-8");
    for (const url of ["usage-delta-category?format=pdf", "usage-delta-category?format=csv&format=xml"]) {
      const refused = await get(url);
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({
        code: "UNKNOWN_FORMAT",
        hint: "Use one of: json, csv, csv.tar.gz, xlsx, xml.",
      });
    }
  });

  it("takes the two aliases for encodings", async () => {
    const plain = (await get("usage-delta-category")).body;
    const gzip = await get("usage-delta-category", { accept: "application/json+gzip" });
    expect(gzip.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "content-encoding": "gzip",
    });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain);
    const brotli = await get("usage-delta-category", { accept: "application/json+br" });
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain);
  });

  it.each([
    ["gzip, deflate, br", "br"],
    ["br;q=0.5, gzip", "gzip"],
    ["gzip", "gzip"],
    ["GZIP;q=0.2", "gzip"],
    ["*", "br"],
    ["identity", undefined],
    ["deflate", undefined],
    ["br;q=0, gzip;q=0", undefined],
    ["", undefined],
  ])("answers Accept-Encoding: %j with %s", async (accepted, expected) => {
    const response = await get("usage-delta-category", { "accept-encoding": accepted });
    expect(response.headers["content-encoding"]).toBe(expected);
  });

  it.each(["csv.tar.gz", "xlsx"])("does not compress %s again", async (format) => {
    const response = await get(`usage-delta-category?format=${format}`, { "accept-encoding": "gzip, br" });
    expect(response.headers).not.toHaveProperty("content-encoding");
  });
});

/** What of a response tells whether it is a problem, and nothing but one. */
function factsOf({ statusCode, headers, json }: LightMyRequestResponse) {
  return {
    status: [statusCode, json().status],
    type: headers["content-type"],
    file: headers["content-disposition"],
    encoding: headers["content-encoding"],
    cache: headers["cache-control"],
  };
}
const problem = (status: number) => ({
  status: [status, status],
  type: "application/problem+json; charset=utf-8",
  file: undefined,
  encoding: undefined,
  cache: "no-store",
});

describe("errors", () => {
  const formats = ["text/csv", XLSX, "application/xml", "application/json+gzip"];
  it.each(formats)("are problems with their status where %s is asked for", async (accept) => {
    expect(factsOf(await get("nonsense", { accept }))).toEqual(problem(400));
    expect(factsOf(await get("usage-delta-category?community_id=nobody", { accept }))).toEqual(problem(404));
    expect(factsOf(await get("usage-delta-category?start_date=2025-02-30", { accept }))).toEqual(problem(400));
    const payload = { q: { stat: "nonsense" } };
    expect(factsOf(await app.inject({ method: "POST", url: R1, payload, headers: { accept } }))).toEqual(problem(400));
    const headers = { accept, "content-type": "application/json" };
    expect(factsOf(await app.inject({ method: "POST", url: R1, payload: "{", headers }))).toEqual(problem(400));
  });

  it.each(formats)("of the stores are a 500 without any of their text, as %s", async (accept) => {
    const broken = await testApp({
      ...engine,
      rollups: { ...engine.rollups, generations: () => Promise.reject(new Error("secret path")) },
    });
    const response = await broken.inject({ url: `${R1}/usage-delta-category`, headers: { accept } });
    expect(factsOf(response)).toEqual(problem(500));
    expect(response.body).not.toContain("secret");
    await broken.close();
  });
});

describe("partial=true", () => {
  const payload = {
    good: { stat: "usage-delta-series", params: { community_id: "a" } },
    hidden: { stat: "usage-delta-series", params: { community_id: "nobody" } },
    wrong: { stat: "nonsense" },
    broken: 5,
  };
  const post = (search: string) => app.inject({ method: "POST", url: `${R1}${search}`, payload });

  it("gives each bad entry its own problem under its label", async () => {
    const response = await post("?partial=true");
    expect(response.statusCode).toBe(200);
    const { good, hidden, wrong, broken } = response.json();
    expect(good[0].data).toHaveLength(3);
    expect(hidden).toMatchObject({ status: 404, code: "UNKNOWN_COMMUNITY", entry: "hidden" });
    expect(wrong).toMatchObject({ status: 400, code: "UNKNOWN_QUERY", entry: "wrong" });
    expect(broken).toMatchObject({ status: 400, code: "MALFORMED_ENTRY", entry: "broken" });
  });

  it("says in files what is missing", async () => {
    const xml = await post("?partial=true&format=xml");
    expect(xml.body).toContain('<notAnswered label="hidden" code="UNKNOWN_COMMUNITY">');
    // One table is left: plain CSV could not say that there should be more.
    const archive = await post("?partial=true&format=csv");
    expect(archive.headers["content-type"]).toBe("application/gzip");
    const files = await untar(archive.rawPayload);
    expect(files.get("about.csv")).toContain('not answered: hidden,"UNKNOWN_COMMUNITY: ');
    expect(readCsv(files.get("good/global/views.csv") ?? "")).toHaveLength(3);
  });

  it.each(["csv", "csv.tar.gz", "xlsx", "xml"])("is a problem where nothing is left for a file: %s", async (format) => {
    const { hidden, wrong, broken } = payload;
    const ask = (entries: object, search = `?partial=true&format=${format}`) =>
      app.inject({ method: "POST", url: `${R1}${search}`, payload: entries });
    const response = await ask({ hidden, wrong, broken });
    expect(factsOf(response)).toEqual(problem(400));
    expect(response.json()).toMatchObject({ code: "NOTHING_ANSWERED", detail: expect.stringContaining("nonsense") });
    expect(response.json().detail).toContain('"hidden": There are no statistics');
    expect(factsOf(await ask({ hidden }))).toEqual(problem(404));
    const json = await ask({ hidden, wrong }, "?partial=true");
    expect([json.statusCode, json.json().wrong.code]).toEqual([200, "UNKNOWN_QUERY"]);
  });

  it("is off by default, and other words are refused", async () => {
    expect((await post("")).json()).toMatchObject({ status: 400, code: "MALFORMED_ENTRY", entry: "broken" });
    expect((await post("?partial=maybe")).json()).toMatchObject({ status: 400, code: "INVALID_ADDRESS" });
    expect((await post("?metric=views")).json()).toMatchObject({ status: 400, code: "INVALID_ADDRESS" });
  });
});
