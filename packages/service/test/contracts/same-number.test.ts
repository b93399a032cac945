import { Writable } from "node:stream";
import type { ColumnsAnswer, WireSeries } from "@community-stats/contract/series.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import { assert, asyncProperty, constantFrom, record, type Arbitrary } from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCommand } from "../../src/cli/read.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { clockAt } from "../counted-world.ts";
import { testApp } from "./app.ts";
import { readArchive, readXlsx, readXml, type ReadTable } from "./export-readers.ts";
import { tablesOfJson } from "./json-tables.ts";

const R1 = "/api/stats-dashboard";
const TODAY = "2025-03-13";
const SEED = 20_250_313;
let engine: Engine;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  // Answers out of the cache are held against answers that the command line makes anew.
  app = await testApp(engine, { today: TODAY, cache: () => undefined });
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

type Asked = Readonly<Record<string, string>>;

const RANGES: readonly (readonly [string, string])[] = [
  ["2025-03-10", "2025-03-12"],
  ["2025-03-11", "2025-03-11"],
  ["2023-06-01", "2025-03-13"],
  ["2024-12-31", "2025-03-10"],
  ["2031-01-01", "2031-02-01"],
];
const common = {
  community_id: constantFrom("global", "a", "B"),
  range: constantFrom(...RANGES),
};
const named = (form: string) => QUERIES.filter((query) => query.form === form).map(({ name }) => name);
const sided = (query: string) =>
  query.startsWith("usage") ? ["views", "dataVolume", "downloadVisitors"] : ["records", "dataVolume", "parents"];

const legacy: Arbitrary<{ query: string; community_id: string; range: readonly [string, string] }> = record({
  query: constantFrom(...named("documents"), ...named("composite"), ...named("category"), ...named("series")),
  ...common,
});
const columns = record({
  query: constantFrom(...named("category")),
  ...common,
  breakdown: constantFrom("global", "resource_types", "languages", "access_statuses"),
  granularity: constantFrom("day", "week", "month", "year"),
  shape: constantFrom("columns", "totals"),
  top: constantFrom("0", "1", "10"),
});

async function json(query: string, params: Asked): Promise<unknown> {
  const response = await app.inject({ url: `${R1}/${query}?${new URLSearchParams(params)}` });
  expect(response.statusCode).toBe(200);
  return response.json();
}

async function bytes(query: string, params: Asked): Promise<Buffer> {
  return (await app.inject({ url: `${R1}/${query}?${new URLSearchParams(params)}` })).rawPayload;
}

const filled = (tables: readonly ReadTable[]) => tables.filter(({ rows }) => rows.length > 0);
const rowsOf = (tables: readonly ReadTable[]) => filled(tables).map(({ rows }) => rows);

/** JSON as tables, and the same out of each file. */
async function everywhere(query: string, params: Asked) {
  const expected = tablesOfJson(query, await json(query, params), params);
  return {
    expected: filled(expected),
    csv: filled(await readArchive(await bytes(query, { ...params, format: "csv.tar.gz" }))),
    xml: filled(readXml((await bytes(query, { ...params, format: "xml" })).toString())),
    rows: rowsOf(expected),
    xlsx: rowsOf(await readXlsx(await bytes(query, { ...params, format: "xlsx" }))),
  };
}

function into(list: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      list.push(String(chunk));
      done();
    },
  });
}

async function readJson(query: string, params: Asked): Promise<unknown> {
  const out: string[] = [];
  const { community_id, start_date, end_date, category, metric } = params;
  const options = {
    queryType: query,
    communityId: community_id,
    startDate: start_date,
    endDate: end_date,
    category,
    metric,
  };
  await readCommand.run(
    {
      config: loadConfig({}),
      stdin: process.stdin,
      stdout: into(out),
      stderr: into([]),
      interactive: false,
      now: clockAt(TODAY),
      signal: new AbortController().signal,
      owner: "test:1",
      engine: () => Promise.resolve(engine),
    },
    { options: { ...options, json: true }, arguments: [] },
  );
  return JSON.parse(out.join(""));
}

describe("the same number everywhere", () => {
  it("JSON = CSV = XLSX = XML = read --json, for random requests in the shapes of the wire", async () => {
    await assert(
      asyncProperty(legacy, async ({ query, community_id, range: [start_date, end_date] }) => {
        const choice = query.endsWith("-series") ? { category: "languages", metric: sided(query)[0] ?? "" } : {};
        const [category] = query.startsWith("usage-snapshot") ? ["languagesByView"] : ["languages"];
        const params: Asked = {
          community_id,
          start_date,
          end_date,
          ...choice,
          ...("category" in choice ? { category } : {}),
        };
        const { expected, csv, xml, rows, xlsx } = await everywhere(query, params);
        expect(csv).toEqual(expected);
        expect(xml).toEqual(expected);
        expect(xlsx).toEqual(rows);
        expect(await readJson(query, params)).toEqual(await json(query, params));
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  it("JSON = CSV = XLSX = XML, for random requests in columns", async () => {
    await assert(
      asyncProperty(columns, async ({ query, range: [start_date, end_date], breakdown, ...more }) => {
        const params: Asked = { ...more, start_date, end_date, breakdowns: breakdown, metrics: sided(query).join(",") };
        const { expected, csv, xml, rows, xlsx } = await everywhere(query, params);
        expect(csv).toEqual(expected);
        expect(xml).toEqual(expected);
        expect(xlsx).toEqual(rows);
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  it("columns = the wire's series, day by day", async () => {
    const breakdowns = constantFrom("global", "resource_types", "access_statuses");
    await assert(
      asyncProperty(record({ ...common, query: constantFrom(...named("category")), breakdowns }), async (asked) => {
        const {
          query,
          community_id,
          range: [start_date, end_date],
          breakdowns: breakdown,
        } = asked;
        const [metric = ""] = sided(query);
        const range = { community_id, start_date, end_date };
        const wire = (await json(query, { ...range, category: breakdown, metric })) as Record<
          string,
          Record<string, WireSeries[]>
        >;
        const answer = (await json(query, {
          ...range,
          shape: "columns",
          breakdowns: breakdown,
          metrics: metric,
          top: "1000",
        })) as ColumnsAnswer;
        const series = Object.values(wire)[0]?.[metric] ?? [];
        expect(numbersOfWire(series)).toEqual(
          numbersOfColumns(answer, metric, breakdown === "global" ? "total" : "value"),
        );
      }),
      { numRuns: 60, seed: SEED },
    );
  });
});

/** "id date" → number; zeros are left out, as a day without the value is one. */
function numbersOfWire(series: readonly WireSeries[]): Readonly<Record<string, number>> {
  const points = series.flatMap(({ id, data, year }) =>
    data.map(([date, value]) => [`${id} ${year === undefined ? date : `${year}-${date}`}`, value] as const),
  );
  return Object.fromEntries(points.filter(([, value]) => value !== 0).toSorted());
}

function numbersOfColumns(
  { series, periods }: ColumnsAnswer,
  metric: string,
  kind: string,
): Readonly<Record<string, number>> {
  const points = series
    .filter((one) => one.kind === kind)
    .flatMap(({ id, metrics }) =>
      periods.map(
        ({ from }, index) => [`${kind === "total" ? "global" : id} ${from}`, metrics[metric]?.[index] ?? 0] as const,
      ),
    );
  return Object.fromEntries(points.filter(([, value]) => value !== 0).toSorted());
}
