import type { Config } from "../config/config.ts";
import type { RegistrySettings } from "../config/run-registry.ts";
import { RedisLink } from "./redis-link.ts";

/** A run that died is forgotten so late; one that works says again and again that it does. */
const LIFE_S = 7200;
const AGAIN_MS = (LIFE_S * 1000) / 4;
const WAIT_MS = 2000;
const SCAN_COUNT = 500;

/** Takes a key away where it is still that of this run. */
const REMOVE = `
local removed = 0
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then removed = removed + redis.call('DEL', key) end
end
return removed`;

export interface RegistryEffects {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly warn: (what: string) => void;
}

/** Tells in Redis what is being worked on. Nothing depends on it: while Redis is away, nothing is told. */
export class RunRegistry {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #now: () => number;

  constructor({ url, db, prefix }: RegistrySettings, { now, warn }: RegistryEffects) {
    const without = "nothing is told there until it can";
    this.#link = new RedisLink({
      url: url.reveal(),
      db,
      waitMs: WAIT_MS,
      now,
      warn,
      role: { name: "registry", without },
    });
    this.#prefix = prefix;
    this.#now = now;
  }

  /** Does the work. From when it says that it has begun, each name is there, with that time, until it ends. */
  async during<T>(names: readonly string[], work: (begun: () => void) => Promise<T>): Promise<T> {
    let since: string | null = null;
    let again: NodeJS.Timeout | undefined;
    const tell = (at: string) => void this.#put(names, at, LIFE_S);
    const begun = () => {
      if (since !== null) return;
      const at = new Date(this.#now()).toISOString();
      since = at;
      tell(at);
      again = setInterval(() => tell(at), AGAIN_MS);
    };
    try {
      return await work(begun);
    } finally {
      clearInterval(again);
      if (since !== null) await this.#remove(names, since);
    }
  }

  /** Marks that stay. @param onlyNew leaves those that are there. */
  async mark(names: readonly string[], value: string, onlyNew: boolean): Promise<void> {
    await this.#link.attempt(undefined, async (redis) => {
      const line = redis.pipeline();
      for (const name of names) {
        if (onlyNew) line.set(this.#prefix + name, value, "NX");
        else line.set(this.#prefix + name, value);
      }
      await line.exec();
    });
  }

  /** All that is told, by name. */
  async told(): Promise<ReadonlyMap<string, string>> {
    return await this.#link.attempt(new Map<string, string>(), async (redis) => {
      const found = new Map<string, string>();
      for await (const keys of redis.scanStream({ match: `${literal(this.#prefix)}*`, count: SCAN_COUNT })) {
        for (const key of new Set<string>(keys)) {
          const value = await redis.get(key);
          if (value !== null) found.set(key.slice(this.#prefix.length), value);
        }
      }
      return found;
    });
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async #put(names: readonly string[], value: string, seconds: number): Promise<void> {
    await this.#link.attempt(undefined, async (redis) => {
      const line = redis.pipeline();
      for (const name of names) line.set(this.#prefix + name, value, "EX", seconds);
      await line.exec();
    });
  }

  async #remove(names: readonly string[], value: string): Promise<void> {
    const keys = names.map((name) => this.#prefix + name);
    await this.#link.attempt(undefined, async (redis) => {
      for (let from = 0; from < keys.length; from += SCAN_COUNT) {
        const some = keys.slice(from, from + SCAN_COUNT);
        await redis.eval(REMOVE, some.length, ...some, value);
      }
    });
  }
}

/** Null where the engine does without. */
export function openRegistry({ registry }: Pick<Config, "registry">, effects: RegistryEffects): RunRegistry | null {
  return registry === null ? null : new RunRegistry(registry, effects);
}

function literal(prefix: string): string {
  return prefix.replaceAll(/[*?[\]\\]/g, String.raw`\$&`);
}
