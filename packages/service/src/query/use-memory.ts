import type { Reading } from "./reading.ts";
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

  /** `question` names everything that was asked; the state of the numbers is added. */
  async use(reading: Reading, question: string, count: () => Promise<CountedUse>): Promise<CountedUse> {
    const key = await keyOf(reading, question);
    const known = key === null ? undefined : this.#kept.get(key);
    if (key === null) return await count();
    const use = known ?? (await count());
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

/** Null during the first run, whose numbers grow while one looks. */
async function keyOf({ generation, progress, records }: Reading, question: string): Promise<string | null> {
  if (generation === null || progress.updatedAt === null) return null;
  return `${generation.id}/${progress.updatedAt}/${await records.seq()}/${question}`;
}
