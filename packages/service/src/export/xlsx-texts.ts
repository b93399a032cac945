import { xmlText } from "./xml-text.ts";

/** Characters that a cell can hold. */
const CELL_TEXT = 32_767;

/** Texts of a workbook are written once and named by number: they are ids and labels, far fewer than rows. */
export class SharedTexts {
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** The items of the list of shared texts. */
  *xml(): Generator<string> {
    for (const text of this.#numbers.keys()) {
      yield `<si><t xml:space="preserve">${xmlText(text.slice(0, CELL_TEXT))}</t></si>`;
    }
  }
}
