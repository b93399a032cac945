import type { RollupStore } from "../engine/rollup-store.ts";

/** The texts of one kind of rollup term and their codes. */
export class RollupTerms {
  readonly #rollups: RollupStore;
  readonly #kind: string;
  readonly #codes: Map<string, number>;

  private constructor(rollups: RollupStore, kind: string, known: readonly string[]) {
    this.#rollups = rollups;
    this.#kind = kind;
    this.#codes = new Map(known.map((text, code) => [text, code]));
  }

  static async open(rollups: RollupStore, kind: string): Promise<RollupTerms> {
    return new RollupTerms(rollups, kind, await rollups.terms(kind));
  }

  /** Codes of distinct texts; those that the store does not know are added to it. */
  async codes(texts: readonly string[]): Promise<Int32Array> {
    const fresh = texts.filter((text) => !this.#codes.has(text));
    const added = fresh.length === 0 ? NONE : await this.#rollups.intern(this.#kind, fresh);
    fresh.forEach((text, index) => this.#codes.set(text, added[index] ?? 0));
    return Int32Array.from(texts, (text) => this.code(text));
  }

  /** Code of a text that the store knew or that was given to `codes`. */
  code(text: string): number {
    const code = this.#codes.get(text);
    if (code === undefined) throw new Error(`no code for ${JSON.stringify(text)} among ${this.#kind}`);
    return code;
  }
}
const NONE = new Int32Array(0);
