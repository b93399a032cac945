import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LANGUAGES, loadCatalogue } from "./catalogue.ts";
import { ownTitle, titleText } from "./titles.ts";
import { createWords } from "./words.ts";

const FOUR_TABS: unknown = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../../../fixtures/layouts/four-tabs.json`, "utf8"),
);

/** Every title and label of a layout document. */
function titlesIn(part: unknown): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    (key === "title" || key === "label") && typeof value === "string" ? [value] : titlesIn(value),
  );
}

const defaults = [...new Set([...titlesIn(DEFAULT_LAYOUT), ...titlesIn(FOUR_TABS), "Statistics"])];

describe.each(LANGUAGES)("default titles in %s", (language) => {
  it.each(defaults)("%s is a text of the catalogue", async (title) => {
    expect(await loadCatalogue(language)).toHaveProperty([`title.${title}`]);
  });
});

describe("a title", () => {
  it.each([
    ["of a default layout is translated", "Top Rights", "Häufigste Lizenzen"],
    ["of somebody's own stays", "Lesesaal", "Lesesaal"],
    ["may stand in several languages", { en: "Reading", de: "Lesen" }, "Lesen"],
    ["falls back to English", { en: "Reading", fr: "Lire" }, "Reading"],
    ["falls back to any language", { fr: "Lire" }, "Lire"],
  ] as const)("%s", async (_, title, expected) => {
    const words = createWords("de-AT", await loadCatalogue("de"), false);
    expect(titleText(words, title)).toBe(expected);
    expect(ownTitle(words, title)).toBe(expected);
  });

  it.each([[undefined], [null], [""], [7], [{}], [{ en: 7 }]])("is none where the layout has %j", async (title) => {
    const words = createWords("en", await loadCatalogue("en"), false);
    expect(ownTitle(words, title)).toBeNull();
  });
});
