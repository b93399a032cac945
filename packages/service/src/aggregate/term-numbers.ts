/** Codes of texts: those of a store's dictionary first, then new ones for texts that it does not hold. */
export class TermNumbers {
  readonly texts: string[];
  readonly #codes: Map<string, number>;
  readonly #known: number;

  constructor(known: readonly string[]) {
    this.texts = [...known];
    this.#known = known.length;
    this.#codes = new Map(known.map((text, code) => [text, code]));
  }

  /** How many codes are the store's, and the texts of the new ones. */
  split(): { readonly known: number; readonly own: readonly string[] } {
    return { known: this.#known, own: this.texts.slice(this.#known) };
  }

  of(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
