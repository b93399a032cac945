import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadFrameLanguages, type FrameWords } from "./frame-words.ts";
import { loadNumbersTexts, type NumbersText, type NumbersTexts } from "./numbers-texts.ts";

const CATALOGUES = new URL("../../../dashboard/src/messages/catalogues/", import.meta.url);
const LANGUAGES = readdirSync(CATALOGUES).map((file) => file.replace(/\.ts$/, ""));

let texts: NumbersTexts;
const textIn = (language: string): NumbersText => texts.textIn(language);
let wordsIn: (language: string) => FrameWords;

beforeAll(async () => {
  texts = await loadNumbersTexts();
  const languages = await loadFrameLanguages();
  wordsIn = (language) => languages({ url: `/?lang=${language}`, headers: {} });
});

/** What stays the same in a translation: every element with the name it carries, and what stands in code. */
function outline({ prose }: NumbersText): readonly string[] {
  return prose.html.match(/<code>.*?<\/code>|<\w+[^>]*>/g) ?? [];
}

describe.each(LANGUAGES)("what each number means, in the language %s of the dashboard", (language) => {
  it("is there", () => {
    expect(textIn(language).language).toBe(language);
  });

  it("has the headings, tables, rows and code of the English text, under the same names", () => {
    expect(outline(textIn(language))).toEqual(outline(textIn("en")));
  });

  it("leaves nothing of the marks of Markdown", () => {
    const { html, headings } = textIn(language).prose;
    expect(headings.length).toBeGreaterThan(6);
    expect(html.replaceAll(/<code>.*?<\/code>/g, "")).not.toMatch(/\*|`|\]\(|^#|^\||\| ---/m);
  });

  it.each([
    "noun.records.records_one",
    "noun.records.works_one",
    "noun.usage.views_one",
    "noun.usage.downloads_one",
    "noun.usage.visitors_one",
    "noun.records.uploaders_one",
    "metric.records.dataVolume",
    "grain.day",
  ])("explains the word that the dashboard has for %s", (key) => {
    const terms = [...textIn(language).prose.html.matchAll(/<th scope="row">([^<]*)/g)].map(([, term = ""]) => term);
    const word = wordsIn(language).text(key).toLowerCase();
    expect(terms.filter((term) => term.toLowerCase().startsWith(word))).toHaveLength(1);
  });
});

it("is offered in the languages of the dashboard", () => {
  expect(texts.languages).toEqual(LANGUAGES.toSorted());
});

it("is English where nobody has translated it", () => {
  expect(textIn("xx")).toBe(textIn("en"));
});
