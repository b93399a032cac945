import type { FastifyInstance } from "fastify";
import { parseInstant } from "@community-stats/contract/days.ts";
import type { ListedRecord } from "@community-stats/contract/records.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { community, day } from "../counted-world.ts";
import { usageBatch } from "../usage-batch.ts";
import { recordLine, writeUse, type UsedRecord } from "../used-records.ts";
import { testApp } from "./app.ts";
import { readArchive, readCsv } from "./export-readers.ts";

const API = "/api/stats-dashboard";
let engine: Engine;
let app: FastifyInstance;

const DAYS: Readonly<Record<string, readonly UsedRecord[]>> = {
  "2025-03-10": [
    { record: "open", scopes: ["A"], counters: { viewEvents: 5, viewVisitors: 2, visitors: 2 } },
    { record: "secret", scopes: ["S"], counters: { viewEvents: 9, viewVisitors: 9, visitors: 9 } },
  ],
  "2025-03-11": [
    { record: "open", scopes: ["A"], counters: { viewEvents: 1, viewVisitors: 1, visitors: 1 } },
    { record: "open", scopes: [], counters: { viewEvents: 2, viewVisitors: 1, visitors: 1 } },
    {
      record: "old",
      scopes: [],
      counters: { downloadEvents: 3, downloadBytes: 300, downloadVisitors: 1, visitors: 1 },
    },
    { record: "gone", scopes: ["A"], counters: { viewEvents: 4, viewVisitors: 4, visitors: 4 } },
    { record: "unheard", scopes: [], counters: { viewEvents: 50, viewVisitors: 50, visitors: 50 } },
  ],
};

beforeAll(async () => {
  ({ engine, app } = await open());
});
afterAll(() => app.close());

/** A server, which closes its engine with itself. */
async function open() {
  const made = await openMemory({ clock: Date.now });
  await writeWorkedExample(made);
  await made.facts.append({
    communities: [community("S", { visibility: "restricted", title: "Secret" })],
    records: [
      recordLine("old", { parent: "work", created: "2020-01-01", title: "First version" }),
      recordLine("open", { parent: "work", created: "2021-01-01", title: "Second version" }),
      recordLine("secret", { parent: "hidden", restricted: true, communities: ["S"], title: "Classified" }),
      recordLine("gone", { parent: "lost", deleted: true, title: "Withdrawn" }),
    ],
  });
  await writeUse(made, DAYS);
  const server = await testApp(made, { environment: { COMMUNITY_STATS_ADMIN_TOKEN: ADMIN } });
  server.addHook("onClose", async () => await made.close());
  return { engine: made, app: server };
}

const ADMIN = "an-administrator-token-of-thirty-two-characters";

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: "GET", url: `${API}/${path}`, headers });
  return { status: response.statusCode, headers: response.headers, text: response.body, body: response.json() };
}
const asAdmin = { authorization: `Bearer ${ADMIN}` };

describe("lists of records", () => {
  it("count all versions of a work together, and say what is not listed", async () => {
    const { status, body } = await get("most-viewed-records?start_date=2025-03-10&end_date=2025-03-12");
    expect(status).toBe(200);
    expect(body).toMatchObject({ scope: "global", metric: "views", per: "parent", count: 4, more: false });
    expect(body.records).toMatchObject([
      { rank: 1, parent: "work", record: "open", title: "Second version", metrics: { views: 8, dataVolume: 300 } },
      { rank: 2, parent: "lost", record: "gone", title: null, state: "deleted", metrics: { views: 4 } },
    ]);
    expect(body.totals).toEqual({ views: 71, downloads: 3, dataVolume: 300 });
    expect(body.other).toEqual({ views: 59, downloads: 0, dataVolume: 0 });
    expect(body).toMatchObject({ asOf: "2025-03-12", ruleVersion: "rules-1", missingDays: [], incompleteDays: [] });
  });

  it("count each version for itself", async () => {
    const { body } = await get("most-downloaded-records?per=record");
    expect(body.records).toMatchObject([{ record: "old", title: "First version", metrics: { downloads: 3 } }]);
  });

  it("tell visitors only where days can be added", async () => {
    const { body } = await get("most-viewed-records?per=record&community_id=a");
    expect(body.records[0]).toMatchObject({ record: "open", metrics: { views: 6, viewVisitors: 3 } });
    const global = await get("most-viewed-records?per=record");
    expect(global.body.records[0]).toMatchObject({ record: "open", metrics: { views: 8, viewVisitors: null } });
  });

  it("name restricted records only in their restricted community, to who may read it", async () => {
    expect((await get("most-viewed-records?community_id=S")).status).toBe(404);
    const own = await get("most-viewed-records?community_id=S&start_date=2025-03-10", asAdmin);
    expect(own.body.records).toMatchObject([{ record: "secret", title: "Classified", state: "restricted" }]);
    for (const path of ["most-viewed-records?limit=100", "most-viewed-records?per=record&format=csv"]) {
      const response = await app.inject({ url: `${API}/${path}`, headers: asAdmin });
      expect(response.statusCode).toBe(200);
      expect(response.rawPayload.includes("Classified")).toBe(false);
    }
    const { text } = await get("most-viewed-records?per=record&limit=100", asAdmin);
    expect(text).not.toMatch(/secret|hidden|Classified|unheard|Withdrawn/);
  });

  it("are empty where nothing is counted", async () => {
    const { status, body } = await get("most-viewed-records?start_date=2031-01-01&end_date=2031-12-31");
    expect(status).toBe(200);
    expect(body).toMatchObject({ records: [], count: 0, totals: { views: 0, downloads: 0, dataVolume: 0 } });
  });

  it.each([
    ["most-viewed-records?limit=0", "INVALID_PARAMETER", "limit"],
    ["most-viewed-records?offset=-1", "INVALID_PARAMETER", "offset"],
    ["most-viewed-records?per=version", "INVALID_PARAMETER", "version"],
    ["most-viewed-records?metric=views", "UNKNOWN_PARAMETER", "metric"],
    ["most-viewed-record", "UNKNOWN_QUERY", "most-viewed-record"],
    ["record-usage", "MISSING_PARAMETER", "record_id"],
    ["record-usage?record_id=open&metrics=visits", "UNKNOWN_METRIC", "visits"],
    ["record-usage?record_id=open&granularity=hour", "UNKNOWN_GRANULARITY", "hour"],
    ["record-usage?record_id=open&shape=documents", "UNKNOWN_SHAPE", "documents"],
  ])("%s is refused with %s", async (path, code, value) => {
    const { status, body } = await get(path);
    expect([status, body.code]).toEqual([400, code]);
    expect(body.detail).toContain(value);
  });
});

describe("use of one record", () => {
  const range = "start_date=2025-03-10&end_date=2025-03-12";

  it("tells all versions and this one in the columns shape", async () => {
    const { body } = await get(`record-usage?record_id=open&${range}&metrics=views,downloads`);
    expect(body).toMatchObject({
      breakdown: "versions",
      granularity: "day",
      record: { parent: "work", state: "public" },
    });
    expect(body.series).toMatchObject([
      { kind: "total", metrics: { views: [5, 3, 0], downloads: [0, 3, 0] }, totals: { views: 8, downloads: 3 } },
      { kind: "value", id: "open", label: "Second version", metrics: { views: [5, 3, 0], downloads: [0, 0, 0] } },
    ]);
  });

  it("folds days into longer periods, and marks those that are cut", async () => {
    const { body } = await get(`record-usage?record_id=open&${range}&metrics=views&granularity=month`);
    expect(body.periods).toEqual([{ from: "2025-03-01", to: "2025-03-31", state: "open" }]);
    expect(body.series[1].metrics).toEqual({ views: [8] });
  });

  it("keeps the numbers of a deleted record, without its title", async () => {
    const { body } = await get(`record-usage?record_id=gone&shape=totals`);
    expect(body.record).toMatchObject({ state: "deleted", title: null });
    expect(body.series[1]).toMatchObject({ label: "gone", totals: { views: 4 } });
  });

  it.each(["secret", "unheard", "nothing", "work"])("knows no record %s in the open", async (id) => {
    const { status, body } = await get(`record-usage?record_id=${id}`, asAdmin);
    expect([status, body.code]).toEqual([404, "UNKNOWN_RECORD"]);
  });

  it("tells of a restricted record within its community", async () => {
    const { body } = await get(
      "record-usage?record_id=secret&community_id=S&shape=totals&start_date=2025-03-10",
      asAdmin,
    );
    expect(body.series[1].totals).toMatchObject({ views: 9 });
    expect((await get("record-usage?record_id=secret&community_id=S")).status).toBe(404);
  });

  it("fails alone when the others may answer", async () => {
    const payload = {
      good: { stat: "record-usage", params: { record_id: "open" } },
      bad: { stat: "record-usage", params: { record_id: "secret" } },
    };
    const response = await app.inject({ method: "POST", url: `${API}?partial=true`, payload });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      good: { breakdown: "versions" },
      bad: { code: "UNKNOWN_RECORD", status: 404 },
    });
    expect((await app.inject({ method: "POST", url: API, payload })).statusCode).toBe(404);
  });
});

it.each(["most-viewed-records?", "record-usage?record_id=open&"])("%s is never kept for long", async (query) => {
  const range = "start_date=2024-01-01&end_date=2024-12-31";
  const { headers } = await get(`${query}${range}`);
  expect(headers["cache-control"]).toBe("public, max-age=60");
  const version = "rules-1.20250312230000000";
  expect((await get(`${query}${range}&version=${version}`)).headers["cache-control"]).toBe("public, max-age=60");
  const numbers = await get(`usage-delta-series?${range}&version=${version}`);
  expect(numbers.headers["cache-control"]).toContain("immutable");
});

it("has the same numbers in files", async () => {
  const query = "most-viewed-records?start_date=2025-03-10&end_date=2025-03-12&per=record";
  const { body } = await get(query);
  const archive = await app.inject({ url: `${API}/${query}&format=csv.tar.gz` });
  const tables = await readArchive(archive.rawPayload);
  for (const metric of ["views", "downloads", "dataVolume", "visitors"]) {
    const rows =
      tables
        .find((table) => new RegExp(`\\b${metric}(\\.csv)?$`).test(table.place))
        ?.rows.filter(({ id }) => id !== "") ?? [];
    const told = body.records.map((record: ListedRecord) => [record.record, record.metrics[metric as "views"]]);
    expect([metric, rows.map(({ id, value }) => [id, value])]).toEqual([metric, told]);
  }
  const usage = "record-usage?record_id=open&metrics=views&start_date=2025-03-10&end_date=2025-03-12";
  const csv = await app.inject({ url: `${API}/${usage}&format=csv` });
  const own = readCsv(csv.body).filter(({ id }) => id === "open");
  expect(own.map(({ date, value }) => [date, value])).toEqual([
    ["2025-03-10", 5],
    ["2025-03-11", 3],
    ["2025-03-12", 0],
  ]);
});

describe("what changes", () => {
  let before: { readonly engine: Engine; readonly app: FastifyInstance };
  beforeEach(async () => {
    before = { engine, app };
    ({ engine, app } = await open());
  });
  afterEach(async () => {
    await app.close();
    ({ engine, app } = before);
  });

  it("counts anew after each run", async () => {
    const list = "most-viewed-records?per=record&start_date=2025-03-10&end_date=2025-03-12";
    expect((await get(list)).body.totals.views).toBe(71);
    const generation = (await engine.rollups.generations()).find(({ live }) => live)?.id ?? -1;
    await engine.rollups.replaceUsageDays(
      generation,
      usageBatch([{ day: day("2025-03-11"), eventVersion: 2, recordSeq: 1 }], []),
    );
    const progress = await engine.rollups.progress(generation);
    await engine.rollups.setProgress(generation, { ...progress, updatedAt: (progress.updatedAt ?? 0) + 1 });
    expect((await get(list)).body.totals.views).toBe(14);
  });

  it("says what a report needs to know of a record, in files as well", async () => {
    const line = recordLine("open", { parent: "work", title: "Second version" });
    const source = {
      access: { record: "public" },
      metadata: {
        title: "Second version",
        resource_type: { id: "dataset", title: { de: "Datensatz", en: "Dataset" } },
      },
      pids: { doi: { identifier: "10.1234/open", provider: "datacite" } },
    };
    const updated = parseInstant("2025-03-12T10:00:00");
    if (updated === null) throw new Error("no time");
    const published = day("2024-05-01");
    await engine.facts.append({ records: [{ ...line, updated, published, source: JSON.stringify(source) }] });
    const query = "most-viewed-records?per=record";
    const { body } = await get(query);
    expect(body.records.find(({ record }: ListedRecord) => record === "open")).toMatchObject({
      published: "2024-05-01",
      doi: "10.1234/open",
    });
    const xml = await app.inject({ url: `${API}/${query}&format=xml` });
    const [, facts] = /<series kind="value" id="open"[^>]*>((?:<fact[^>]*>[^<]*<\/fact>)+)/.exec(xml.body) ?? [];
    expect(facts).toBe(
      '<fact name="resource type">Dataset</fact><fact name="published">2024-05-01</fact><fact name="doi">10.1234/open</fact>',
    );
  });

  it("a record that was restricted since is named no longer, whatever was answered before", async () => {
    const list = "most-viewed-records?per=record";
    expect((await get(list)).text).toContain("Second version");
    const later = { ...recordLine("open", { parent: "work", restricted: true, title: "Second version" }) };
    const updated = parseInstant("2025-03-12T10:00:00");
    if (updated === null) throw new Error("no time");
    await engine.facts.append({ records: [{ ...later, updated }] });
    expect((await get(list)).text).not.toContain("Second version");
    expect((await get("record-usage?record_id=open")).status).toBe(404);
  });
});
