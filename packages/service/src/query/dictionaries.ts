import type { Generation, Progress, RollupStore } from "../engine/rollup-store.ts";

/** Whose codes are looked up. */
interface Numbers {
  readonly generation: Generation | null;
  readonly progress: Progress;
}

interface KnownTexts {
  readonly texts: string[];
  /** Which numbers they were last held against. */
  readonly numbers: string;
}

/**
 * Texts of the store's codes, kept between requests. Codes are dense and never reused, so only what is new is read;
 * the last known text is read again with it, which shows when the rollups were thrown away and built anew.
 */
export class Dictionaries {
  readonly #store: RollupStore;
  readonly #known = new Map<string, KnownTexts>();

  constructor(store: RollupStore) {
    this.#store = store;
  }

  /** All that there are now. */
  async texts(kind: string): Promise<readonly string[]> {
    return await this.#read(kind, "");
  }

  /** Those of all codes up to this one, out of the numbers of a reading. The store is asked only where they are not all known. */
  async textsUpTo(code: number, kind: string, reading: Numbers): Promise<readonly string[]> {
    const numbers = `${reading.generation?.id} ${reading.progress.updatedAt}`;
    const known = this.#known.get(kind);
    if (known !== undefined && known.numbers === numbers && code < known.texts.length) return known.texts;
    return await this.#read(kind, numbers);
  }

  async #read(kind: string, numbers: string): Promise<readonly string[]> {
    const known = this.#known.get(kind)?.texts ?? [];
    const from = Math.max(0, known.length - 1);
    const more = await this.#store.terms(kind, from);
    const same = known.length === 0 || more[0] === known[from];
    const texts = same ? extend(known, more, from) : [...(await this.#store.terms(kind))];
    this.#known.set(kind, { texts, numbers });
    return texts;
  }
}

function extend(known: string[], more: readonly string[], from: number): string[] {
  for (let index = known.length; index < from + more.length; index++) known.push(more[index - from] ?? "");
  return known;
}
