import type { Redis } from "ioredis";

export interface RedisLinkOptions {
  readonly url: string;
  readonly db: number;
  /** Longest wait for one answer of Redis. */
  readonly waitMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told in one sentence, at most once a minute. */
  readonly warn: (what: string) => void;
  /** What it is for, and what happens without it; by default that of the cache. */
  readonly role?: { readonly name: string; readonly without: string };
}

/** After a failure Redis is left alone for so long: waiting for it again and again would cost more than it gives. */
const REST_MS = 5000;
const CACHE = { name: "cache", without: "answers are made without it until it can" };
const WARN_EVERY_MS = 60_000;
const MOST_RETRY_MS = 2000;

/** A connection that nobody depends on: made at first use, given up for a moment whenever it fails. */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #client: Promise<Redis> | null = null;
  #restUntil = Number.NEGATIVE_INFINITY;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /** Host and database, for people. */
  get place(): string {
    const { protocol, host } = new URL(this.#options.url);
    return `${protocol}//${host}/${this.#options.db}`;
  }

  /** Runs the work; `fallback` where Redis does not answer, or refuses. */
  async attempt<T>(fallback: T, work: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.#closed || this.#options.now() < this.#restUntil) return fallback;
    try {
      this.#client ??= connect(this.#options);
      return await work(await this.#client);
    } catch (error) {
      this.#failed(error);
      return fallback;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    (await this.#client)?.disconnect();
  }

  #failed(error: unknown): void {
    const { now, warn } = this.#options;
    const at = now();
    // A refusal is an answer: the next request may be granted.
    if (!isRefusal(error)) this.#restUntil = at + REST_MS;
    if (this.#closed || at - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = at;
    const why = error instanceof Error ? error.message : String(error);
    const { name, without } = this.#options.role ?? CACHE;
    warn(`The ${name} ${this.place} cannot be used (${why}); ${without}.`);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

/** The library is loaded only where it is used. */
async function connect({ url, db, waitMs }: RedisLinkOptions): Promise<Redis> {
  const { Redis: Client } = await import("ioredis");
  const client = new Client(url, {
    db,
    lazyConnect: true,
    commandTimeout: waitMs,
    connectTimeout: waitMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(times * 100, MOST_RETRY_MS),
  });
  // What is wrong is told by the command that met it.
  client.on("error", () => undefined);
  return client;
}
