/** Texts of one kind by dense code. */
export class TermTable {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    return this.#codes.get(text) ?? -1;
  }

  intern(texts: readonly string[]): Int32Array {
    return Int32Array.from(texts, (text) => this.#internOne(text));
  }

  #internOne(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }
}
