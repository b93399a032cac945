import type { Freshness } from "@community-stats/contract/series.ts";
import type { Encoding } from "./answering.ts";
import type { CacheMoment, CacheSubject } from "./cache-key.ts";

/** An answer as stored: one encoding of it, from which the others are made. */
export interface StoredBody {
  /** Of the content before it was encoded. */
  readonly hash: string;
  readonly freshness: Freshness;
  readonly encoding: Encoding;
  readonly contentBytes: number;
  readonly body: Buffer;
}

export interface StoredAnswer extends StoredBody {
  readonly key: string;
  readonly subject: CacheSubject;
  readonly moment: CacheMoment;
}

/** Which entries are meant; what is not given does not matter. */
export interface EntryFilter {
  readonly scope?: string;
  readonly query?: string;
  /** Shell pattern over the whole key: "*" and "?". */
  readonly pattern?: string;
  /** First and last day that were asked for. */
  readonly from?: string;
  readonly to?: string;
  readonly basis?: string;
  readonly format?: string;
}

export interface EntryInfo {
  readonly key: string;
  readonly scope: string;
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly parameters: string;
  readonly format: string;
  readonly bytes: number;
  readonly contentBytes: number;
  readonly createdAt: number;
  readonly usedAt: number;
}

export interface CacheSummary {
  readonly entries: number;
  /** Of the bodies as stored, and before they were compressed. */
  readonly bytes: number;
  readonly contentBytes: number;
  /** What they take where they are kept. */
  readonly fileBytes: number;
  readonly scopes: number;
  /** Entries that the present state of the numbers can still reach. */
  readonly reachable: number;
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly byFormat: Readonly<Record<string, number>>;
}

export const EMPTY_SUMMARY: CacheSummary = {
  entries: 0,
  bytes: 0,
  contentBytes: 0,
  fileBytes: 0,
  scopes: 0,
  reachable: 0,
  oldest: null,
  newest: null,
  byFormat: {},
};

/** Use is noted this late, many keys at once: a hit must not write. */
export const NOTE_USE_EVERY_MS = 10_000;
/** After eviction this share of the limit is left, so that not every new entry evicts. */
export const LEFT_SHARE = 0.9;

export type Awaitable<T> = T | Promise<T>;

/**
 * The answers behind the memory of a process, shared by all processes. Nothing in it is needed: what cannot be reached is told and means
 * "not there", never an error.
 */
export interface KeptAnswers {
  /** Where the answers are, for people; without passwords. */
  readonly place: string;
  get(key: string): Awaitable<StoredBody | null>;
  /** Replaces what is there under the key; evicts where the limit is passed. False where it could not be written. */
  put(answer: StoredAnswer): Awaitable<boolean>;
  remove(key: string): Awaitable<void>;
  has(key: string): Awaitable<boolean>;
  /** An entry that was used is evicted later. Never waits. */
  noteUse(key: string): void;
  /** Removes the entries that the present state of the numbers can no longer reach. Returns their number. */
  removeUnreachable(state: string): Awaitable<number>;
  /** Removes everything about these scopes. Returns the number of entries. */
  removeScopes(scopes: readonly string[]): Awaitable<number>;
  /** Whose answers are there, ascending. */
  scopes(): Awaitable<readonly string[]>;
  /** By scope (the repository first), query and days. */
  list(filter: EntryFilter, limit: number): Awaitable<readonly EntryInfo[]>;
  count(filter: EntryFilter): Awaitable<number>;
  /** Returns the number of entries removed; their space is free afterwards. */
  removeEntries(filter: EntryFilter): Awaitable<number>;
  /** @param state of the numbers now; null where nothing is counted yet. */
  summary(state: string | null): Awaitable<CacheSummary>;
  /** Whatever is asked of it afterwards is not there. */
  close(): Awaitable<void>;
}
