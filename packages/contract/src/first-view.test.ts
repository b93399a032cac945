import { expect, it } from "vitest";
import { DEFAULT_BREAKDOWNS } from "./breakdowns.ts";
import { parseDay } from "./days.ts";
import { firstQuestions } from "./first-view.ts";

const today = parseDay("2026-11-22");
if (today === null) throw new Error("today is no day");

it.each([
  ["ResourceTypesTable", "pie", [["records", "records", 12]]],
  ["CountriesMultiDisplayViews", "pie", [["usage", "views", 12]]],
  ["ResourceTypesTable", "list", []],
])("what gives the values of %s, first shown as a %s, their colours is asked at once", (component, view, expected) => {
  const components = [{ component, props: { default_view: view } }];
  const questions = firstQuestions({
    scope: "global",
    layout: { tabs: [{ name: "t", label: "T", rows: [{ name: "r", components }] }] },
    granularity: "month",
    rangeOptions: {},
    bounds: { today, maxHistoryYears: 15, fiscalYearStart: 1 },
    breakdowns: DEFAULT_BREAKDOWNS,
  });
  const orders = questions.map(({ request }) => request).filter(({ shape }) => shape === "totals");
  expect(orders.map(({ side, metrics, top }) => [side, metrics.join(), top])).toEqual(expected);
  expect(questions).toHaveLength(1 + expected.length);
});
