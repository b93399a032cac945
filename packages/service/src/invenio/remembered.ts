import { LRUCache } from "lru-cache";

export interface Finding<T> {
  readonly value: T;
  /** Whether the next caller may be given the same without asking. */
  readonly keep: boolean;
}

export interface RememberedOptions {
  /** Most entries; the one that was used longest ago goes first. */
  readonly most: number;
  readonly forMs: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** What a caller does who cannot wait for ever. */
export interface Patience<T> {
  readonly ms: number;
  /** Taken in place of an answer that is late; the answer itself is there for who comes after it. */
  readonly otherwise: T;
}

/**
 * Answers to questions, for a while. Who asks while the same question is on its way waits for that one; once somebody has waited for it in
 * vain, nobody does who has a limit.
 */
export class Remembered<T extends object> {
  readonly #answers: LRUCache<string, T>;
  readonly #asking = new Map<string, Promise<T>>();
  readonly #late = new Set<string>();

  constructor({ most, forMs, now }: RememberedOptions) {
    this.#answers = new LRUCache({ max: most, ttl: Math.max(1, forMs), ttlResolution: 0, perf: { now } });
  }

  async get(key: string, ask: () => Promise<Finding<T>>): Promise<T> {
    return this.#answers.get(key) ?? (await (this.#asking.get(key) ?? this.#ask(key, ask)));
  }

  async getWithin({ ms, otherwise }: Patience<T>, key: string, ask: () => Promise<Finding<T>>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    if (this.#late.has(key)) return otherwise;
    const asking = this.#asking.get(key) ?? this.#ask(key, ask);
    const timer = Promise.withResolvers<T>();
    const timeout = setTimeout(() => {
      if (this.#asking.has(key)) this.#late.add(key);
      timer.resolve(otherwise);
    }, ms);
    return await Promise.race([asking, timer.promise]).finally(() => clearTimeout(timeout));
  }

  #ask(key: string, ask: () => Promise<Finding<T>>): Promise<T> {
    const asking = ask()
      .then(({ value, keep }) => {
        if (keep) this.#answers.set(key, value);
        return value;
      })
      .finally(() => {
        this.#asking.delete(key);
        this.#late.delete(key);
      });
    this.#asking.set(key, asking);
    return asking;
  }
}
