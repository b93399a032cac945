import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { dayFromNumber } from "../packages/contract/src/days.ts";
import { GLOBAL_KEY } from "../packages/contract/src/ids.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { communityName, recordName, valueIds } from "./fact-lines.ts";
import type { BenchRecord } from "./workload.ts";

/** What a run of plain SQL took, and its answers: a table `counted` on the open connection. */
export interface NaiveRun {
  readonly seconds: number;
  readonly events: number;
  readonly days: readonly number[];
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Values of records by breakdown; countries and types of files belong to the event. */
const BY_RECORD = [
  "resource_types",
  "access_statuses",
  "languages",
  "rights",
  "funders",
  "periodicals",
  "publishers",
  "affiliations",
];
const THREADS = "2";

/** The numbers of a stored row, in its order, as anybody would ask for them. */
const COUNTS = `count(*) FILTER (kind = 0), count(DISTINCT (v0, v1)) FILTER (kind = 0), count(DISTINCT record) FILTER (kind = 0),
  count(DISTINCT parent) FILTER (kind = 0), count(*) FILTER (kind = 1), count(DISTINCT (v0, v1)) FILTER (kind = 1),
  count(DISTINCT record) FILTER (kind = 1), count(DISTINCT parent) FILTER (kind = 1), count(DISTINCT (f0, f1)) FILTER (kind = 1),
  coalesce(sum(bytes) FILTER (kind = 1), 0), count(DISTINCT (v0, v1))`;

/**
 * The obvious SQL for the same numbers: events joined with the communities and the values of their records, one query per breakdown,
 * distinct counts by `count(DISTINCT …)`. Runs on some days of the same Parquet files; its tables of records are made beforehand.
 */
export async function naiveRun(
  engine: Engine,
  { dataDir, records, days }: { dataDir: string; records: readonly BenchRecord[]; days: readonly number[] },
): Promise<NaiveRun> {
  const instance = await DuckDBInstance.create(":memory:", { threads: THREADS, memory_limit: "2GB" });
  const connection = await instance.connect();
  await loadRecords(connection, engine, { dataDir, records });
  const paths = days.map((day) => quoted(join(dataDir, "facts", "events", dayFromNumber(day as never), "*.parquet")));
  await connection.run(`CREATE VIEW event AS
    SELECT *, regexp_extract(filename, '(\\d{4}-\\d{2}-\\d{2})', 1) AS day FROM read_parquet([${paths.join(", ")}], filename = true)`);
  const events = Number((await connection.runAndReadAll("SELECT count(*) FROM event")).getRows()[0]?.[0]);
  const begin = performance.now();
  for (const [index, query] of queries().entries()) {
    await connection.run(`${index === 0 ? "CREATE TABLE counted AS" : "INSERT INTO counted"} ${query}`);
  }
  const seconds = (performance.now() - begin) / 1000;
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  return { seconds, events, days, connection, close };
}

function queries(): readonly string[] {
  const inScopes = "event JOIN record_scope USING (record)";
  const ofRecord = (breakdown: string): string =>
    `${inScopes} JOIN (SELECT record, value FROM record_value WHERE breakdown = ${quoted(breakdown)}) USING (record)`;
  const ofType = `(SELECT * FROM ${ofRecord("file_types")} WHERE kind = 0
    UNION ALL BY NAME SELECT event.*, scope, coalesce(t.value, '') AS value FROM ${inScopes} LEFT JOIN type t ON t.code = "fileType" WHERE kind = 1)`;
  return [
    one("", "''", inScopes),
    ...BY_RECORD.map((breakdown) => one(breakdown, "value", ofRecord(breakdown))),
    one("countries", "coalesce(t.value, '')", `${inScopes} LEFT JOIN country t ON t.code = country`),
    one("file_types", "value", ofType),
  ];
}

function one(breakdown: string, value: string, from: string): string {
  return `SELECT ${quoted(breakdown)} AS breakdown, day, scope, ${value} AS value, ${COUNTS} FROM ${from} GROUP BY 1, 2, 3, 4`;
}

interface LoadedFrom {
  readonly dataDir: string;
  readonly records: readonly BenchRecord[];
}

async function loadRecords(connection: DuckDBConnection, engine: Engine, { dataDir, records }: LoadedFrom) {
  const codes = new Map((await engine.facts.terms("record")).map((text, code) => [text, code]));
  const scopes: string[] = [];
  const values: string[] = [];
  for (const record of records) {
    const code = codes.get(recordName(record.number));
    if (code === undefined) continue;
    for (const scope of [GLOBAL_KEY, ...record.communities.map(communityName)]) scopes.push(`${code}\t${scope}`);
    for (const [breakdown, ids] of Object.entries(valueIds(record))) {
      for (const id of ids.length === 0 ? [""] : ids) values.push(`${code}\t${breakdown}\t${id}`);
    }
  }
  await load(connection, join(dataDir, "record_scope"), { columns: "record INTEGER, scope VARCHAR", lines: scopes });
  const valueColumns = "record INTEGER, breakdown VARCHAR, value VARCHAR";
  await load(connection, join(dataDir, "record_value"), { columns: valueColumns, lines: values });
  for (const [name, kind] of [
    ["country", "country"],
    ["type", "fileType"],
  ] as const) {
    const lines = (await engine.facts.terms(kind)).map((value, code) => `${code}\t${value}`);
    await load(connection, join(dataDir, name), { columns: "code INTEGER, value VARCHAR", lines });
  }
}

async function load(connection: DuckDBConnection, path: string, table: { columns: string; lines: readonly string[] }) {
  const name = path.split("/").at(-1) ?? "";
  await connection.run(`CREATE TABLE ${name} (${table.columns})`);
  await writeFile(`${path}.tsv`, `${table.lines.join("\n")}\n`);
  const options = "DELIMITER '\t', HEADER false, QUOTE '', NULLSTR '\\N'";
  await connection.run(`COPY ${name} FROM ${quoted(`${path}.tsv`)} (${options})`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
