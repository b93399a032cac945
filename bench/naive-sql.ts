import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** What the stored events are to plain SQL: the same numbers per scope, day and country, counted the obvious way. */
const COUNTS = `count(*) FILTER (kind = 0), count(DISTINCT (v0, v1)) FILTER (kind = 0), count(DISTINCT record) FILTER (kind = 0),
  count(DISTINCT parent) FILTER (kind = 0), count(*) FILTER (kind = 1), count(DISTINCT (v0, v1)) FILTER (kind = 1),
  count(DISTINCT record) FILTER (kind = 1), count(DISTINCT parent) FILTER (kind = 1), count(DISTINCT (f0, f1)) FILTER (kind = 1),
  sum(bytes), count(DISTINCT (v0, v1))`;

/** Seconds for one breakdown of the whole repository alone; the service counts ten breakdowns for every community, too. */
export async function naiveSeconds(dataDir: string): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "2GB" });
  const connection = await instance.connect();
  const files = join(dataDir, "facts", "events", "*", "*.parquet").replaceAll("'", "''");
  const source = `read_parquet('${files}', filename = true)`;
  const begin = performance.now();
  await connection.run(
    `CREATE TEMP TABLE counted AS SELECT regexp_extract(filename, '(\\d{4}-\\d{2}-\\d{2})', 1) AS day, country, ${COUNTS}
     FROM ${source} GROUP BY 1, 2`,
  );
  const seconds = (performance.now() - begin) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}
