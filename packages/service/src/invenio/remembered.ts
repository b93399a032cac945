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

/** Answers to questions, for a while. Who asks while the same question is on its way waits for that one. */
export class Remembered<T extends object> {
  readonly #answers: LRUCache<string, T>;
  readonly #asking = new Map<string, Promise<T>>();

  constructor({ most, forMs, now }: RememberedOptions) {
    this.#answers = new LRUCache({ max: most, ttl: Math.max(1, forMs), ttlResolution: 0, perf: { now } });
  }

  async get(key: string, ask: () => Promise<Finding<T>>): Promise<T> {
    return this.#answers.get(key) ?? (await (this.#asking.get(key) ?? this.#ask(key, ask)));
  }

  #ask(key: string, ask: () => Promise<Finding<T>>): Promise<T> {
    const asking = ask()
      .then(({ value, keep }) => {
        if (keep) this.#answers.set(key, value);
        return value;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}
