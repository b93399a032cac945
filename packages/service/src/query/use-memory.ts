import type { UseTable } from "./use-table.ts";

/** The use of all records of a scope in a range, by target. */
export interface CountedUse {
  /** Names of the targets: records, or works. */
  readonly names: readonly string[];
  readonly table: UseTable;
}

/** Bytes of numbers that are kept at most. */
const MAX_BYTES = 64 << 20;

/**
 * The last counted uses: a page asks for the most viewed and the most downloaded records, and for page after page of them, all of which
 * take one reading of the range. Least lately used ones go first.
 */
export class UseMemory {
  readonly #kept = new Map<string, CountedUse>();
  #bytes = 0;

  /** @param key everything that was asked, and the state of the numbers; null where that cannot be told, and nothing is kept. */
  async use(key: string | null, count: () => Promise<CountedUse>): Promise<CountedUse> {
    if (key === null) return await count();
    const use = this.#kept.get(key) ?? (await count());
    this.#keep(key, use);
    return use;
  }

  #keep(key: string, use: CountedUse): void {
    const known = this.#kept.get(key);
    if (known !== undefined) this.#bytes -= known.table.numbers.byteLength;
    this.#kept.delete(key);
    this.#kept.set(key, use);
    this.#bytes += use.table.numbers.byteLength;
    for (const [oldest, { table }] of this.#kept) {
      if (this.#bytes <= MAX_BYTES) return;
      this.#kept.delete(oldest);
      this.#bytes -= table.numbers.byteLength;
    }
  }
}
