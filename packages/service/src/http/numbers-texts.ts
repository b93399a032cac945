import { readdir, readFile } from "node:fs/promises";
import { renderProse, type Prose } from "./prose.ts";

const DOCS = new URL("../../../../docs/", import.meta.url);
const ORIGINAL = { language: "en", file: "numbers.md" };

/** What each number means, in one language. */
export interface NumbersText {
  readonly language: string;
  readonly prose: Prose;
}

export interface NumbersTexts {
  /** Languages that the text is written in, by their codes. */
  readonly languages: readonly string[];
  /** English where nobody has translated it. */
  textIn(language: string): NumbersText;
}

/** English is `docs/numbers.md`; each other language is one file beside it: `numbers.de.md`. */
export async function loadNumbersTexts(): Promise<NumbersTexts> {
  const original = await readFile(new URL(ORIGINAL.file, DOCS), "utf8");
  const english = { language: ORIGINAL.language, prose: renderProse(original) };
  const translated = await Promise.all(
    (await readdir(DOCS)).map(async (file): Promise<readonly NumbersText[]> => {
      const language = /^numbers\.(\w+)\.md$/.exec(file)?.[1];
      if (language === undefined) return [];
      return [{ language, prose: renderProse(await readFile(new URL(file, DOCS), "utf8"), original) }];
    }),
  );
  const texts = new Map([english, ...translated.flat()].map((text) => [text.language, text]));
  return { languages: [...texts.keys()].toSorted(), textIn: (language) => texts.get(language) ?? english };
}
