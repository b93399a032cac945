import type Database from "better-sqlite3";
import {
  fileIdentity,
  isPassing,
  isUnusable,
  openCacheDatabase,
  putAside,
  type Attempting,
  type CacheDatabaseOptions,
  type CacheWork,
} from "./cache-database.ts";
import { evict } from "./cache-eviction.ts";
import { countEntries, listEntries, removeEntries, shrink, summarize } from "./cache-inspection.ts";
import { findRow, isDamaged, putRow, storedBody } from "./cache-row.ts";
import {
  type CacheSummary,
  type EntryFilter,
  type EntryInfo,
  type KeptAnswers,
  NOTE_USE_EVERY_MS,
  type StoredAnswer,
  type StoredBody,
} from "./kept-answers.ts";

export interface CacheFileOptions extends CacheDatabaseOptions {
  /** Of all bodies together. */
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How often it is looked whether the file is still the one that is open. */
const LOOK_EVERY_MS = 1000;

/**
 * The answers on disk, shared by all processes of the data folder. Nothing in it is needed: whatever goes wrong with the file is told
 * once and means "not there"; a damaged file is put aside, a deleted one is made anew.
 */
export class CacheFile implements KeptAnswers, Attempting {
  readonly #options: CacheFileOptions;
  #open: { readonly database: Database.Database; readonly identity: string | null } | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #used = new Set<string>();
  #notedAt: number;
  #warned = false;
  #closed = false;

  constructor(options: CacheFileOptions) {
    this.#options = options;
    this.#notedAt = options.now();
  }

  get place(): string {
    return this.#options.path;
  }

  get(key: string): StoredBody | null {
    const row = this.attempt(undefined, (database) => findRow(database, key));
    if (row === undefined) return null;
    if (isDamaged(row)) {
      this.remove(key);
      return null;
    }
    this.noteUse(key);
    return storedBody(row);
  }

  put(answer: StoredAnswer): boolean {
    const { maxBytes, now } = this.#options;
    if (answer.body.length > maxBytes) return false;
    const at = now();
    return this.attempt(false, (database) => {
      database
        .transaction(() => {
          putRow(database, answer, at);
          evict(database, { maxBytes, state: answer.moment.state });
        })
        .immediate();
      return true;
    });
  }

  remove(key: string): void {
    this.attempt(undefined, (database) => database.prepare("DELETE FROM entries WHERE key = ?").run(key));
  }

  has(key: string): boolean {
    const found = this.attempt(undefined, (database) =>
      database.prepare("SELECT 1 FROM entries WHERE key = ?").get(key),
    );
    return found !== undefined;
  }

  /** Written now and then. */
  noteUse(key: string): void {
    this.#used.add(key);
    if (this.#options.now() - this.#notedAt >= NOTE_USE_EVERY_MS) this.writeUse();
  }

  writeUse(): void {
    const at = this.#options.now();
    this.#notedAt = at;
    if (this.#used.size === 0) return;
    const keys = [...this.#used];
    this.#used.clear();
    this.attempt(undefined, (database) => {
      const update = database.prepare("UPDATE entries SET used_at = ? WHERE key = ?");
      database.transaction(() => keys.forEach((key) => update.run(at, key))).immediate();
    });
  }

  removeUnreachable(state: string): number {
    return this.attempt(0, (database) => database.prepare("DELETE FROM entries WHERE state <> ?").run(state).changes);
  }

  removeScopes(scopes: readonly string[]): number {
    return this.attempt(
      0,
      (database) =>
        database
          .prepare("DELETE FROM entries WHERE scope IN (SELECT value FROM json_each(?))")
          .run(JSON.stringify(scopes)).changes,
    );
  }

  scopes(): readonly string[] {
    return this.attempt([], (database) =>
      database
        .prepare<[], { scope: string }>("SELECT DISTINCT scope FROM entries ORDER BY scope")
        .all()
        .map(({ scope }) => scope),
    );
  }

  list(filter: EntryFilter, limit: number): readonly EntryInfo[] {
    return listEntries(this, filter, limit);
  }

  count(filter: EntryFilter): number {
    return countEntries(this, filter);
  }

  removeEntries(filter: EntryFilter): number {
    const removed = removeEntries(this, filter);
    if (removed > 0) shrink(this);
    return removed;
  }

  summary(state: string | null): CacheSummary {
    return summarize(this, state);
  }

  /** Runs the work; `fallback` where the file cannot be used at this moment. */
  attempt<T>(fallback: T, work: CacheWork<T>): T {
    if (this.#closed) return fallback;
    try {
      return work(this.#database());
    } catch (error) {
      if (isUnusable(error)) this.#replace(error);
      else if (isPassing(error)) this.#warnOnce(error);
      else throw error;
      return fallback;
    }
  }

  close(): void {
    if (this.#open !== null) this.writeUse();
    this.#drop();
    this.#closed = true;
  }

  #database(): Database.Database {
    const { path, now } = this.#options;
    const at = now();
    if (this.#open !== null && at - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = at;
      if (fileIdentity(path) !== this.#open.identity) this.#drop();
    }
    if (this.#open === null) {
      const database = openCacheDatabase(this.#options);
      this.#open = { database, identity: fileIdentity(path) };
      this.#lookedAt = at;
    }
    return this.#open.database;
  }

  #drop(): void {
    this.#open?.database.close();
    this.#open = null;
  }

  /** Another process may have replaced the file already. */
  #replace(error: unknown): void {
    const { path } = this.#options;
    const isSame = this.#open !== null && fileIdentity(path) === this.#open.identity;
    this.#drop();
    if (isSame) putAside(this.#options, error);
  }

  #warnOnce(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const { path, warn } = this.#options;
    warn(`The cache ${path} could not be used for a moment: ${error instanceof Error ? error.message : String(error)}`);
  }
}
