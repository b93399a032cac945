import type { RollupStore } from "../engine/rollup-store.ts";

/**
 * The texts of one kind of rollup term and their codes. A text is asked for once: what is new gets a place, and all places get their
 * codes at once.
 */
export class RollupTerms {
  readonly #rollups: RollupStore;
  readonly #kind: string;
  /** Codes, or below zero places among the wanted texts. */
  readonly #codes: Map<string, number>;
  readonly #wanted: string[] = [];
  #settled: Int32Array = new Int32Array(0);

  private constructor(rollups: RollupStore, kind: string, known: readonly string[]) {
    this.#rollups = rollups;
    this.#kind = kind;
    this.#codes = new Map(known.map((text, code) => [text, code]));
  }

  static async open(rollups: RollupStore, kind: string): Promise<RollupTerms> {
    return new RollupTerms(rollups, kind, await rollups.terms(kind));
  }

  /** A ticket for the text's code: `codeOf` takes it once the text is settled, until others are. */
  want(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const place = ~this.#wanted.length;
    this.#codes.set(text, place);
    this.#wanted.push(text);
    return place;
  }

  /** Gives every wanted text its code. */
  async settle(): Promise<void> {
    const texts = this.#wanted;
    if (texts.length === 0) return;
    this.#settled = await this.#rollups.intern(this.#kind, texts);
    texts.forEach((text, place) => this.#codes.set(text, this.#settled[place] ?? 0));
    texts.length = 0;
  }

  codeOf(ticket: number): number {
    return ticket < 0 ? (this.#settled[~ticket] ?? 0) : ticket;
  }

  /** Code of a text that the store knew or that was wanted and settled. */
  code(text: string): number {
    const code = this.#codes.get(text);
    if (code === undefined || code < 0) throw new Error(`no code for ${JSON.stringify(text)} among ${this.#kind}`);
    return code;
  }
}
