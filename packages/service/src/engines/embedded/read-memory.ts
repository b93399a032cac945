import type Database from "better-sqlite3";

/**
 * What was read from a database, until anybody changes that: another connection, of whatever process, raises SQLite's version of the data
 * as seen here; who writes on this connection says so itself. Asking for the version takes a fraction of reading a row.
 */
export class ReadMemory {
  readonly #version: Database.Statement;
  readonly #known = new Map<string, unknown>();
  #at: unknown = null;

  constructor(database: Database.Database) {
    this.#version = database.prepare("PRAGMA data_version").pluck();
  }

  /** @param read the same for the same key. */
  of<T>(key: string, read: () => T): T {
    // Before reading: a change in between is then found the next time.
    const version = this.#version.get();
    if (version !== this.#at) this.forget();
    this.#at = version;
    const known = this.#known.get(key);
    if (known !== undefined) return known as T;
    const found = read();
    this.#known.set(key, found);
    return found;
  }

  forget(): void {
    this.#known.clear();
  }
}
