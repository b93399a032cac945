import type { ReadableScope } from "./scopes.ts";
import type { QueryPlan, QueryRequest } from "./plan.ts";

/** A request that may be run. */
export interface PreparedQuery {
  readonly request: QueryRequest;
  readonly scope: ReadableScope;
  readonly plan: QueryPlan;
  /** Everything but the scope that decides the answer while the numbers stay the same, as JSON with sorted names. */
  readonly parameters: string;
  /** State of the numbers when it was planned (numbers-state.ts); null while that cannot be told. */
  readonly state: string | null;
}

const MOST_KEPT = 1000;
const LONGEST_KEY = 2000;

/** Requests that were planned in the present state of the numbers: the same words are planned once. Who may read is asked each time. */
export class PreparedMemory {
  readonly #kept = new Map<string, PreparedQuery>();
  #state: string | null = null;

  /** Null where the words are too many to be kept. */
  static key(name: string, given: Readonly<Record<string, unknown>>): string | null {
    const key = `${name} ${JSON.stringify(given)}`;
    return key.length > LONGEST_KEY ? null : key;
  }

  /** Forgets what was planned in another state. True where it is another. */
  enter(state: string | null): boolean {
    if (state === this.#state && state !== null) return false;
    this.#state = state;
    this.#kept.clear();
    return true;
  }

  get(key: string): PreparedQuery | undefined {
    return this.#kept.get(key);
  }

  keep(key: string, prepared: PreparedQuery): void {
    if (prepared.state === null || prepared.state !== this.#state) return;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, prepared);
  }
}

export function isSameScope(a: ReadableScope, b: ReadableScope): boolean {
  return a.key === b.key && a.code === b.code && a.community === b.community;
}
