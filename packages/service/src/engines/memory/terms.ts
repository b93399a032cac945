/** Dense codes for texts, in the order in which they first came. */
export class Terms {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  intern(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  code(text: string): number {
    return this.#codes.get(text) ?? -1;
  }
}
