import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { EventFile } from "./event-file.ts";
import { quoted } from "./quoted.ts";

/** Each query has a cost of its own, ten times that of reading a footer. */
const FILES_PER_QUERY = 200;

/** Path of a file, and what is wrong with it. */
type Defect = readonly [path: string, defect: string];

/** Looks whether listed files are what was written, as far as their size and their footer tell. */
export class Footers {
  readonly #folder: string;
  readonly #connect: () => Promise<DuckDBConnection>;
  /** Path → time of the last change, of files that were sound: nobody changes them, so whoever asks every few seconds reads none again. */
  #sound: ReadonlyMap<string, number> = new Map();

  /** `folder` is the data folder. */
  constructor(folder: string, connect: () => Promise<DuckDBConnection>) {
    this.#folder = folder;
    this.#connect = connect;
  }

  /** What is wrong with each file that is not sound, by path. */
  async defects(files: readonly EventFile[]): Promise<ReadonlyMap<string, string>> {
    const defects = new Map<string, string>();
    const changed = new Map<string, number>();
    for (const { path, found, bytes } of await Promise.all(files.map((file) => this.#look(file)))) {
      if (typeof found === "string") defects.set(path, found);
      else if (found.size !== bytes) defects.set(path, `${found.size} bytes of ${bytes} are there`);
      else changed.set(path, found.mtimeMs);
    }
    const unread = files.filter(({ path }) => changed.has(path) && changed.get(path) !== this.#sound.get(path));
    for (const [path, defect] of await this.#read(unread)) defects.set(path, defect);
    for (const path of defects.keys()) changed.delete(path);
    this.#sound = changed;
    return defects;
  }

  async #look({ path, bytes }: EventFile) {
    const found = await stat(join(this.#folder, path)).catch((error: unknown) => messageOf(error));
    return { path, bytes, found };
  }

  async #read(files: readonly EventFile[]): Promise<readonly Defect[]> {
    if (files.length === 0) return [];
    const connection = await this.#connect();
    try {
      const defects: Defect[] = [];
      for (let from = 0; from < files.length; from += FILES_PER_QUERY) {
        defects.push(...(await this.#readSome(connection, files.slice(from, from + FILES_PER_QUERY))));
      }
      return defects;
    } finally {
      connection.closeSync();
    }
  }

  /** A file that cannot be read fails the query for all of them: each half is asked for then. */
  async #readSome(connection: DuckDBConnection, files: readonly EventFile[]): Promise<readonly Defect[]> {
    try {
      const rows = await this.#rowsOf(connection, files);
      return files
        .filter((file) => rows.get(join(this.#folder, file.path)) !== file.rows)
        .map((file) => [file.path, `${rows.get(join(this.#folder, file.path)) ?? 0} rows of ${file.rows} are there`]);
    } catch (error) {
      if (files.length === 1) return files.map(({ path }) => [path, messageOf(error)]);
      const half = files.length >> 1;
      const first = await this.#readSome(connection, files.slice(0, half));
      return [...first, ...(await this.#readSome(connection, files.slice(half)))];
    }
  }

  /** Rows by path on this machine, as the footers tell. */
  async #rowsOf(connection: DuckDBConnection, files: readonly EventFile[]): Promise<ReadonlyMap<string, number>> {
    const paths = files.map(({ path }) => quoted(join(this.#folder, path)));
    const reader = await connection.runAndReadAll(
      `SELECT file_name, num_rows FROM parquet_file_metadata([${paths.join(", ")}])`,
    );
    return new Map(reader.getRows().map(([name, rows]) => [String(name), Number(rows)]));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
