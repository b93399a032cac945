import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";

/** Seconds of a bare scan of the columns that counting needs, two threads: what no way of counting can beat on this machine. */
export async function scanSeconds(dataDir: string): Promise<number> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "1GB" });
  const connection = await instance.connect();
  const files = join(dataDir, "facts", "events", "*", "*.parquet").replaceAll("'", "''");
  const words = ["v0", "v1", "f0", "f1", "record", "parent", "country", "kind", "reader"];
  const columns = [...words.map((name) => `bit_xor("${name}")`), 'sum("at")', "sum(bytes)"];
  const begin = performance.now();
  await connection.run(`CREATE TEMP TABLE scanned AS SELECT ${columns.join(", ")} FROM read_parquet('${files}')`);
  const seconds = (performance.now() - begin) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

/** Lines a second of gunzip and `JSON.parse` alone, over the first lines of a file. */
export async function parseRate(path: string, most: number): Promise<number> {
  const file = createReadStream(path);
  const begin = performance.now();
  let lines = 0;
  for await (const line of createInterface({ input: file.pipe(createGunzip()) })) {
    JSON.parse(line);
    if (++lines >= most) break;
  }
  file.destroy();
  return (1000 * lines) / (performance.now() - begin);
}
