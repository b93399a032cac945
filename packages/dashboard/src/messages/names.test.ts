import type { ColumnSeries } from "@community-stats/contract/series.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCatalogue } from "./catalogue.ts";
import { seriesNamer, valueName } from "./names.ts";
import { createWords, type Words } from "./words.ts";

let words: Words;
beforeAll(async () => {
  words = createWords("de", await loadCatalogue("de"), false);
});

describe("what a value is called in German", () => {
  it.each([
    [
      "a language in the words of the data",
      "languages",
      { id: "fra", label: { de: "Franz.", en: "French" } },
      "Franz.",
    ],
    [
      "a language that the data name in English only",
      "languages",
      { id: "fra", label: { en: "French" } },
      "Französisch",
    ],
    ["a language that the data know by its code only", "languages", { id: "spa", label: "spa" }, "Spanisch"],
    ["a language whose code stands for its name", "languages", { id: "jpn", label: { de: "jpn" } }, "Japanisch"],
    ["a language that nobody else knows", "languages", { id: "qzz-x", label: "Elvish" }, "Elvish"],
    ["a licence by its short name", "rights", { id: "cc0-1.0", label: { en: "Creative Commons Zero" } }, "CC0-1.0"],
    ["a licence without a short name", "rights", { id: "other-open", label: { en: "Other (Open)" } }, "Other (Open)"],
    ["a country", "countries", { id: "es", label: "" }, "Spanien"],
  ])("%s", (_, breakdown, value, expected) => {
    expect(valueName(words, breakdown, value)).toBe(expected);
  });
});

const series = (kind: ColumnSeries["kind"], id: string, label: string): ColumnSeries => {
  return { kind, id, label, metrics: {}, totals: {} };
};

it("values of one name have their ids beside it, and what else there is has not", () => {
  const answer = {
    series: [
      series("value", "publication-other", "Other"),
      series("value", "report", "Report"),
      series("value", "image-other", "Other"),
      series("notStated", "", ""),
    ],
  };
  const nameOf = seriesNamer({ words, breakdown: "resource_types", answer });
  expect(answer.series.map(nameOf)).toEqual([
    "Other (publication-other)",
    "Report",
    "Other (image-other)",
    "Kein Typ angegeben",
  ]);
});
