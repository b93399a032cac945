import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { makeFolder } from "../engine/folders.ts";
import { APPLICATION_ID, CACHE_SCHEMA, CACHE_VERSION } from "./cache-schema.ts";

export interface CacheDatabaseOptions {
  readonly path: string;
  /** How long to wait for another process that writes. */
  readonly busyMs: number;
  /** Told in one sentence. */
  readonly warn: (what: string) => void;
}

/** Work with the file, on the connection that is open now. */
export type CacheWork<T> = (database: Database.Database) => T;

/** What runs work with the file; `fallback` where the file cannot be used at this moment. */
export interface Attempting {
  attempt<T>(fallback: T, work: CacheWork<T>): T;
}

/** Where a file that cannot be used is put: one is kept, to be looked at. */
export function asidePath(path: string): string {
  return `${path}.unusable`;
}

/**
 * Opens the file, or makes it. A file that is not ours, damaged, or of another version is put aside first: everything in it can be made again.
 */
export function openCacheDatabase(options: CacheDatabaseOptions): Database.Database {
  try {
    return openFile(options);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    putAside(options, error);
    return openFile(options);
  }
}

function openFile({ path, busyMs }: CacheDatabaseOptions): Database.Database {
  makeFolder(dirname(path));
  const database = new Database(path, { timeout: busyMs });
  try {
    // No WAL: its side files outlive a file that is deleted under a running server, and two files would then share them.
    database.pragma("journal_mode = TRUNCATE");
    database.pragma("synchronous = OFF");
    database.pragma("cache_size = -8000");
    database.transaction(() => makeTables(database, path)).immediate();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

class ForeignFileError extends Error {}

function makeTables(database: Database.Database, path: string): void {
  const application = Number(database.pragma("application_id", { simple: true }));
  const version = Number(database.pragma("user_version", { simple: true }));
  if (application === APPLICATION_ID && version === CACHE_VERSION) return;
  const tables = database.prepare<[], { n: number }>("SELECT count(*) n FROM sqlite_schema").get()?.n ?? 0;
  if (tables > 0) throw new ForeignFileError(`${path} is not a cache of this version`);
  database.exec(CACHE_SCHEMA);
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma(`user_version = ${CACHE_VERSION}`);
}

/** Whether the file itself is at fault, so that a new one helps. */
export function isUnusable(error: unknown): boolean {
  if (error instanceof ForeignFileError) return true;
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|ERROR|SCHEMA|FORMAT)/.test(error.code);
}

/** Whether the file is only out of reach, as while another process writes or the disk is full: the work can be left out. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Database.SqliteError) {
    return /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(error.code);
  }
  return error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
}

export function putAside({ path, warn }: CacheDatabaseOptions, cause: unknown): void {
  const why = cause instanceof Error ? cause.message : String(cause);
  const aside = asidePath(path);
  rmSync(`${path}-journal`, { force: true });
  rmSync(aside, { force: true, recursive: true });
  if (existsSync(path)) renameSync(path, aside);
  warn(`The cache ${path} cannot be used (${why}); it was moved to ${aside} and is made anew.`);
}

/** Which file the path leads to at this moment; null where there is none. */
export function fileIdentity(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
