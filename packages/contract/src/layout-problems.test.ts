import { describe, expect, it } from "vitest";
import { DEFAULT_LAYOUT, type LayoutDocument } from "./layout.ts";
import { layoutProblems } from "./layout-problems.ts";

type Cell = LayoutDocument["tabs"][number]["rows"][number]["components"][number];

const problemsOf = (cell: Cell) =>
  layoutProblems({ tabs: [{ name: "t", label: "T", rows: [{ name: "r", components: [cell] }] }] });

it("the manual's layout has no problem", () => expect(layoutProblems(DEFAULT_LAYOUT)).toEqual([]));

it("an element of the page around is nobody's mistake, whatever it is told", () => {
  expect(problemsOf({ component: "stats-open-access", colour: "red" })).toEqual([]);
});

describe("what is left out is named", () => {
  it.each<readonly [says: string, cell: Cell, problem: object]>([
    ["any other element", { component: "x-frame" }, { kind: "component", component: "x-frame", near: null }],
    ["an unknown widget", { component: "Sparkle" }, { kind: "component", component: "Sparkle", near: null }],
    [
      "a misspelt widget",
      { component: "SubjectMultiDisplay" },
      { kind: "component", component: "SubjectMultiDisplay", near: "SubjectsMultiDisplay" },
    ],
    [
      "an unknown prop beside the component",
      { component: "StatsMap", colour: "red" },
      { kind: "prop", component: "StatsMap", prop: "colour", near: null },
    ],
    [
      "a misspelt prop under props",
      { component: "FundersMultiDisplay", props: { page_size: 3 } },
      { kind: "prop", component: "FundersMultiDisplay", prop: "page_size", near: "pageSize" },
    ],
    [
      "a value out of bounds",
      { component: "FundersMultiDisplay", pageSize: 0 },
      { kind: "value", component: "FundersMultiDisplay", prop: "pageSize", value: "0" },
    ],
    [
      "a value of another type",
      { component: "StatsMap", metric: ["views"] },
      { kind: "value", component: "StatsMap", prop: "metric", value: '["views"]' },
    ],
    [
      "a list where a text belongs",
      { component: "Text", text: ["a", "b"] },
      { kind: "value", component: "Text", prop: "text", value: '["a","b"]' },
    ],
  ])("%s", (_, cell, problem) => {
    expect(problemsOf(cell)).toEqual([{ tab: "t", row: "r", problem: expect.objectContaining(problem) }]);
  });
});

it.each<readonly [says: string, cell: Cell]>([
  [
    "props of the original without an effect here",
    { component: "StatsMap", zoom: 1.3, center: [0, 20], icon: "globe" },
  ],
  ["heights and numbers written as text", { component: "StatsChart", height: "300px", maxSeries: "8" }],
  ["all views of the original", { component: "RightsMultiDisplay", available_views: ["pie", "bar", "list"] }],
  ["nothing at all", { component: "StatsChart", title: null, props: { chartType: null } }],
  ["a title per language", { component: "StatsChart", title: { en: "Use", de: "Nutzung" } }],
])("takes %s", (_, cell) => expect(problemsOf(cell)).toEqual([]));

it("cuts a long value", () => {
  const [found] = problemsOf({ component: "StatsChart", chartType: "x".repeat(5000) });
  expect(found?.problem).toMatchObject({ kind: "value", value: `${"x".repeat(59)}…` });
});
