import type { ChainableCommander, Redis } from "ioredis";
import type { Secret } from "../config/secret.ts";
import { scopeOfKey, stateOfKey } from "./cache-key.ts";
import {
  type CacheSummary,
  EMPTY_SUMMARY,
  type EntryFilter,
  type EntryInfo,
  type KeptAnswers,
  LEFT_SHARE,
  NOTE_USE_EVERY_MS,
  type StoredAnswer,
  type StoredBody,
} from "./kept-answers.ts";
import { bodyOf, compareEntries, entryOf, infoText, matcher } from "./redis-entry.ts";
import { RedisLink } from "./redis-link.ts";
import { NOTE_USE, PUT, REMOVE } from "./redis-scripts.ts";

export interface RedisAnswersOptions {
  readonly url: Secret;
  readonly db: number;
  /** Start of all keys; nothing else is ever read or written. */
  readonly prefix: string;
  /** An entry goes that nobody used for so long. */
  readonly ttlMs: number;
  /** Of all bodies together. */
  readonly maxBytes: number;
  /** How long the asker would wait. */
  readonly busyMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly warn: (what: string) => void;
}

/** One answer of Redis may take so long, whatever the asker would wait. */
const LEAST_WAIT_MS = 500;
const MOST_WAIT_MS = 5000;
/** Keys per request. */
const CHUNK = 500;

/** The answers in Redis, shared by all machines. Redis is asked for what we wrote only, never for all its keys. */
export class RedisAnswers implements KeptAnswers {
  readonly #options: RedisAnswersOptions;
  readonly #link: RedisLink;
  readonly #root: string;
  /** Used, sizes, sum: as the scripts expect them. */
  readonly #index: readonly [string, string, string];
  #used = new Set<string>();
  #notedAt: number;
  #noting: Promise<void> = Promise.resolve();

  constructor(options: RedisAnswersOptions) {
    const { url, db, prefix, busyMs, now, warn } = options;
    this.#options = options;
    const waitMs = Math.min(Math.max(busyMs, LEAST_WAIT_MS), MOST_WAIT_MS);
    this.#link = new RedisLink({ url: url.reveal(), db, waitMs, now, warn });
    this.#root = `${prefix}answer:`;
    this.#index = [`${prefix}used`, `${prefix}sizes`, `${prefix}bytes`];
    this.#notedAt = now();
  }

  get place(): string {
    return `${this.#link.place} (keys ${this.#options.prefix}*)`;
  }

  async get(key: string): Promise<StoredBody | null> {
    const found = await this.#link.attempt(null, (redis) => redis.hmgetBuffer(this.#root + key, "info", "body"));
    const [info, body] = found ?? [];
    if (!info || !body) return null;
    const stored = bodyOf(info.toString(), body);
    if (stored === null) await this.remove(key);
    else this.noteUse(key);
    return stored;
  }

  async put(answer: StoredAnswer): Promise<boolean> {
    const { maxBytes, ttlMs, now } = this.#options;
    if (answer.body.length > maxBytes) return false;
    const at = now();
    const about = [answer.key, infoText(answer, at), answer.body, at, ttlMs, maxBytes, maxBytes * LEFT_SHARE];
    return await this.#link.attempt(false, async (redis) => {
      await redis.eval(PUT, this.#index.length, ...this.#index, this.#root, ...about);
      return true;
    });
  }

  async remove(key: string): Promise<void> {
    await this.#removeKeys([key]);
  }

  async has(key: string): Promise<boolean> {
    return (await this.#link.attempt(0, (redis) => redis.exists(this.#root + key))) > 0;
  }

  noteUse(key: string): void {
    this.#used.add(key);
    if (this.#options.now() - this.#notedAt >= NOTE_USE_EVERY_MS) this.#noting = this.#writeUse();
  }

  async removeUnreachable(state: string): Promise<number> {
    return await this.#removeKeys((await this.#keys()).filter((key) => stateOfKey(key) !== state));
  }

  async removeScopes(scopes: readonly string[]): Promise<number> {
    const meant = new Set(scopes);
    return await this.#removeKeys((await this.#keys()).filter((key) => meant.has(scopeOfKey(key))));
  }

  async scopes(): Promise<readonly string[]> {
    return [...new Set((await this.#keys()).map(scopeOfKey))].toSorted();
  }

  async list(filter: EntryFilter, limit: number): Promise<readonly EntryInfo[]> {
    return (await this.#entries(filter)).toSorted(compareEntries).slice(0, limit);
  }

  async count(filter: EntryFilter): Promise<number> {
    return (await this.#entries(filter)).length;
  }

  async removeEntries(filter: EntryFilter): Promise<number> {
    return await this.#removeKeys((await this.#entries(filter)).map(({ key }) => key));
  }

  async summary(state: string | null): Promise<CacheSummary> {
    const entries = await this.#entries({});
    return entries.length === 0 ? EMPTY_SUMMARY : summaryOf(entries, state);
  }

  async close(): Promise<void> {
    await this.#noting;
    await this.#writeUse();
    await this.#link.close();
  }

  async #writeUse(): Promise<void> {
    const { now, ttlMs } = this.#options;
    const at = now();
    this.#notedAt = at;
    const keys = [...this.#used];
    this.#used = new Set();
    await this.#link.attempt(undefined, async (redis) => {
      for (const some of chunks(keys)) {
        await redis.eval(NOTE_USE, this.#index.length, ...this.#index, this.#root, at, ttlMs, ...some);
      }
    });
  }

  async #removeKeys(keys: readonly string[]): Promise<number> {
    return await this.#link.attempt(0, async (redis) => {
      let removed = 0;
      for (const some of chunks(keys)) {
        removed += Number(await redis.eval(REMOVE, this.#index.length, ...this.#index, this.#root, ...some));
      }
      return removed;
    });
  }

  async #keys(): Promise<readonly string[]> {
    return [...(await this.#link.attempt(NO_USE, (redis) => useByKey(redis, this.#index[0]))).keys()];
  }

  async #entries(filter: EntryFilter): Promise<readonly EntryInfo[]> {
    const isMeant = matcher(filter);
    return await this.#link.attempt([], async (redis) => {
      const entries: EntryInfo[] = [];
      for (const some of chunks([...(await useByKey(redis, this.#index[0]))])) {
        const infos = await texts(some.reduce((line, [key]) => line.hget(this.#root + key, "info"), redis.pipeline()));
        some.forEach(([, usedAt], at) => {
          const info = infos[at];
          if (typeof info === "string") entries.push(entryOf(info, usedAt));
        });
      }
      return entries.filter(isMeant);
    });
  }
}

const NO_USE: ReadonlyMap<string, number> = new Map();

/** In steps, so that others are served in between. */
async function useByKey(redis: Redis, used: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  let cursor = "0";
  do {
    const [next, flat] = await redis.zscan(used, cursor, "COUNT", CHUNK);
    for (let at = 0; at < flat.length; at += 2) found.set(flat[at] ?? "", Number(flat[at + 1]));
    cursor = next;
  } while (cursor !== "0");
  return found;
}

async function texts(line: ChainableCommander): Promise<readonly unknown[]> {
  const results = (await line.exec()) ?? [];
  return results.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK);
}

function summaryOf(entries: readonly EntryInfo[], state: string | null): CacheSummary {
  const sum = (of: (entry: EntryInfo) => number) => entries.reduce((total, entry) => total + of(entry), 0);
  const ages = entries.map(({ createdAt }) => createdAt);
  const formats = entries.map(({ format }) => format).toSorted();
  const bytes = sum((entry) => entry.bytes);
  return {
    entries: entries.length,
    bytes,
    contentBytes: sum((entry) => entry.contentBytes),
    fileBytes: bytes + sum(({ key, parameters }) => 2 * key.length + parameters.length),
    scopes: new Set(entries.map(({ scope }) => scope)).size,
    reachable: entries.filter(({ key }) => stateOfKey(key) === state).length,
    oldest: ages.reduce((a, b) => Math.min(a, b)),
    newest: ages.reduce((a, b) => Math.max(a, b)),
    byFormat: Object.fromEntries(
      Map.groupBy(formats, (format) => format)
        .entries()
        .map(([name, all]) => [name, all.length]),
    ),
  };
}
