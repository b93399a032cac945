import type { RollupStore } from "../engine/rollup-store.ts";

/**
 * Texts of the store's codes, kept between requests. Codes are dense and never reused, so only what is new is read;
 * the last known text is read again with it, which shows when the rollups were thrown away and built anew.
 */
export class Dictionaries {
  readonly #store: RollupStore;
  readonly #texts = new Map<string, string[]>();

  constructor(store: RollupStore) {
    this.#store = store;
  }

  async texts(kind: string): Promise<readonly string[]> {
    const known = this.#texts.get(kind) ?? [];
    const from = Math.max(0, known.length - 1);
    const more = await this.#store.terms(kind, from);
    const same = known.length === 0 || more[0] === known[from];
    const texts = same ? extend(known, more, from) : [...(await this.#store.terms(kind))];
    this.#texts.set(kind, texts);
    return texts;
  }
}

function extend(known: string[], more: readonly string[], from: number): string[] {
  for (let index = known.length; index < from + more.length; index++) known.push(more[index - from] ?? "");
  return known;
}
