import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import { WIDGET_PROPS } from "@community-stats/contract/widget-props.ts";
import { describe, expect, it } from "vitest";
import { LANGUAGES, loadCatalogue } from "../messages/catalogue.ts";
import { loadEditorWords } from "../messages/editor-texts.ts";
import { createWords } from "../messages/words.ts";
import { faultText } from "./fault-text.ts";
import { cellText, endOfCells, layoutText } from "./layout-text.ts";
import { readLayout } from "./read-layout.ts";

const cellOf = (cell: string): string =>
  `{ "tabs": [\n{ "name": "t", "label": "T", "rows": [{ "name": "r", "components": [\n${cell}\n] }] }] }`;

/** Each problem with the line it is in, the text it points at, and what it says. */
async function told(text: string, locale = "en"): Promise<readonly string[]> {
  const words = createWords(locale, await loadCatalogue(locale), false);
  const editor = await loadEditorWords(locale);
  return readLayout(text).problems.map(
    ({ start, end, line, column, fault }) =>
      `${line}:${column} <${text.slice(start, end)}> ${faultText(words, editor, fault)}`,
  );
}

describe("what is wrong is said at its place", () => {
  it.each<readonly [name: string, text: string, told: string]>([
    ["nothing at all", "", "1:1 <> A value is missing here: a text in double quotes, a number, a list or a map."],
    [
      "a comma too many",
      '{\n "tabs": [1,\n ] }',
      "3:2 <]> An entry is missing here. No comma stands after the last one.",
    ],
    ["no comma", '{ "tabs": []\n"a": 1 }', '2:1 <"a"> A comma or a closing bracket is missing here.'],
    [
      "other quotes",
      "{ 'tabs': [] }",
      "1:3 <'> A name in double quotes is missing here. No comma stands after the last entry.",
    ],
    [
      "an open quote",
      '{ "tabs: [] }',
      '1:3 <"> This text has no closing quote in its line, or a character that JSON does not take.',
    ],
    ["no colon", '{ "tabs" [] }', "1:10 <[> A colon is missing here."],
    ["two documents", "{} {}", "1:4 <{> Nothing may follow the end of the document."],
    ["a list", "[]", "1:1 <[]> “document” cannot be “[]”. It has to be a map."],
    ["no tabs", "{\n}", "1:1 <{> “tabs” is missing. It has to be a list with at least one entry."],
    ["no tab", '{ "tabs": [] }', "1:11 <[]> “tabs” cannot be “[]”. It has to be a list with at least one entry."],
    [
      "columns past the end",
      cellOf('{ "component": "StatsMap", "width": 99 }'),
      "3:37 <99> “tabs[0].rows[0].components[0].width” cannot be “99”. It has to be a whole number from 1 to 16.",
    ],
    [
      "half a column",
      cellOf('{ "component": "StatsMap", "width": 1.5 }'),
      "3:37 <1.5> “tabs[0].rows[0].components[0].width” cannot be “1.5”. It has to be a whole number from 1 to 16.",
    ],
    [
      "no component",
      cellOf('{ "width": 3 }'),
      "3:1 <{> “tabs[0].rows[0].components[0].component” is missing. It has to be a text that is not empty.",
    ],
    [
      "an unknown widget",
      cellOf('{ "component": "SingelStatViews" }'),
      '3:16 <"SingelStatViews"> The layout names a widget “SingelStatViews”, which does not exist. Did you mean “SingleStatViews”?',
    ],
    [
      "an unknown prop",
      cellOf('{ "component": "FundersMultiDisplay", "page_size": 3 }'),
      '3:39 <"page_size"> The layout sets “page_size” of “FundersMultiDisplay”, which has no such setting. It is left out. Did you mean “pageSize”?',
    ],
    [
      "a value out of bounds",
      cellOf('{ "component": "StatsMap", "metric": "views", "props": { "metric": "uploads" } }'),
      '3:68 <"uploads"> The layout sets “metric” of “StatsMap” to “uploads”, which is not possible. It is left out. It may be views or downloads: what it shows at first.',
    ],
  ])("%s", async (_, text, expected) => expect(await told(text)).toEqual([expected]));

  it("a tab's label", async () => {
    const text = cellOf('{ "component": "Text" }').replace('"label": "T"', '"label": 7');
    expect(await told(text)).toEqual([
      "2:25 <7> “tabs[0].label” cannot be “7”. It has to be a text that is not empty, or one per language.",
    ]);
  });

  it("all of it at once, below the name that a custom field gives the layout", async () => {
    const field = `{ "community_layout": ${cellOf('{ "component": "StatMap" }, { "component": "Text", "height": "tall", "colour": 1 }')} }`;
    const problems = await told(field);
    expect(problems.map((line) => line.slice(0, line.indexOf(">") + 1))).toEqual([
      '3:16 <"StatMap">',
      '3:70 <"colour">',
    ]);
    expect(readLayout(field).layout?.tabs).toHaveLength(1);
  });

  it("in the reader's language", async () => {
    expect(await told(cellOf('{ "component": "StatsMap", "metric": 1 }'), "de-CH")).toEqual([
      expect.stringContaining("Möglich ist views oder"),
    ]);
    expect(await told("{", "fr")).toEqual([expect.stringContaining("Il manque ici un nom")]);
    expect(await told("{}", "es")).toEqual([expect.stringContaining("Falta «tabs»")]);
  });
});

it.each(LANGUAGES.filter((language) => language !== "en"))("%s says what every prop may be", async (language) => {
  const { propTakes } = await loadEditorWords(language);
  const untold = WIDGET_PROPS.filter(({ values }) => propTakes(values) === values.replaceAll("`", ""));
  expect(untold.map(({ name }) => name)).toEqual([]);
});

it("a text that can be drawn is one whatever its cells ask for; any other draws nothing", () => {
  expect(readLayout(cellOf('{ "component": "Nothing" }')).layout).not.toBeNull();
  expect(readLayout(cellOf('{ "component": "StatsMap", "width": 0 }')).layout).toBeNull();
});

it("writes a layout with a line for each cell, and reads it back", () => {
  const text = layoutText(DEFAULT_LAYOUT);
  expect(readLayout(text)).toEqual({ problems: [], layout: DEFAULT_LAYOUT });
  expect(text.split("\n").map((line) => line.trim())).toContain(
    '{ "component": "SingleStatViews", "width": 3, "title": "Views" },',
  );
});

const [ONE, TWO] = ['{ "component": "Text" }', '{ "component": "StatsMap" }'];

it.each([
  ["into an empty list", "", ""],
  ["before a cell", "", ONE],
  ["behind a cell", ONE, ""],
  ["between two", `${ONE}\n`, TWO],
])("a widget inserted %s is parted from its neighbours by commas", (_, before, after) => {
  const begun = cellOf(before + after);
  const at = begun.indexOf("[\n", begun.indexOf("components")) + 2 + before.length;
  const written = begun.slice(0, at) + cellText(begun, { start: at, end: at }, "StatsChart") + begun.slice(at);
  const { problems, layout } = readLayout(written);
  expect(problems).toEqual([]);
  expect(layout?.tabs[0]?.rows[0]?.components).toContainEqual({ component: "StatsChart", width: 16 });
});

it("until somebody puts the cursor elsewhere, it stands behind the last cell", () => {
  const text = layoutText(DEFAULT_LAYOUT);
  expect(text.slice(0, endOfCells(text, DEFAULT_LAYOUT))).toMatch(/"AffiliationsTable"[^{]*\}$/);
});
