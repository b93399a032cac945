import type { RollupStore } from "../engine/rollup-store.ts";

/** The texts of one kind of rollup term and their codes; texts that are wanted get their codes all at once. */
export class RollupTerms {
  readonly #rollups: RollupStore;
  readonly #kind: string;
  readonly #codes: Map<string, number>;
  readonly #wanted = new Set<string>();

  private constructor(rollups: RollupStore, kind: string, known: readonly string[]) {
    this.#rollups = rollups;
    this.#kind = kind;
    this.#codes = new Map(known.map((text, code) => [text, code]));
  }

  static async open(rollups: RollupStore, kind: string): Promise<RollupTerms> {
    return new RollupTerms(rollups, kind, await rollups.terms(kind));
  }

  want(text: string): void {
    if (!this.#codes.has(text)) this.#wanted.add(text);
  }

  /** Gives every wanted text its code. */
  async settle(): Promise<void> {
    if (this.#wanted.size === 0) return;
    const texts = [...this.#wanted];
    const codes = await this.#rollups.intern(this.#kind, texts);
    texts.forEach((text, index) => this.#codes.set(text, codes[index] ?? 0));
    this.#wanted.clear();
  }

  /** Code of a text that the store knew or that was wanted and settled. */
  code(text: string): number {
    const code = this.#codes.get(text);
    if (code === undefined) throw new Error(`no code for ${JSON.stringify(text)} among ${this.#kind}`);
    return code;
  }
}
