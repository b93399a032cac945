import Database from "better-sqlite3";
import { NewerDataError } from "../../engine/errors.ts";

export interface DatabaseOptions {
  readonly path: string;
  /** `CREATE … IF NOT EXISTS` statements. */
  readonly schema: string;
  /** Kept in the file; a file of a greater version is refused. */
  readonly version: number;
  /** FULL for what cannot be rebuilt. */
  readonly synchronous: "FULL" | "NORMAL";
  readonly cacheKb?: number;
  /** Of a new file; one that is there keeps its own. */
  readonly pageBytes?: number;
}

/** Opens a SQLite file that any number of processes share. */
export function openDatabase(options: DatabaseOptions): Database.Database {
  const database = new Database(options.path, { timeout: 30_000 });
  try {
    if (options.pageBytes !== undefined) database.pragma(`page_size = ${options.pageBytes}`);
    database.pragma("journal_mode = WAL");
    database.pragma(`synchronous = ${options.synchronous}`);
    database.pragma(`cache_size = -${options.cacheKb ?? 16_000}`);
    const found = Number(database.pragma("user_version", { simple: true }));
    if (found > options.version) throw new NewerDataError(options.path, found, options.version);
    if (found < options.version) {
      database
        .transaction(() => {
          database.exec(options.schema);
          database.pragma(`user_version = ${options.version}`);
        })
        .immediate();
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A second connection that only reads, for long walks: a connection that iterates can do nothing else meanwhile. */
export function openReader(path: string): Database.Database {
  return new Database(path, { readonly: true, timeout: 30_000 });
}
