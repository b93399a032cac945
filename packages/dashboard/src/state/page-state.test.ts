import { parseDay } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import {
  formatState,
  parseState,
  resolveRange,
  withChoice,
  withGranularity,
  type StateDefaults,
} from "./page-state.ts";

const defaults: StateDefaults = {
  granularity: "week",
  comparison: "year",
  rangeOptions: { day: "30days", week: "yearToDate", year: "2years" },
};

describe("address", () => {
  it.each([
    [""],
    ["?tab=usage"],
    ["?range=12weeks"],
    ["?range=2026-01-01..2026-03-31&by=day"],
    ["?by=month&compare=none"],
    ["?only=funders%3Ahttps%3A%2F%2Fror.org%2F01"],
    ["?w.content.StatsChart.by=resource_types&w.content.StatsChart.metric=downloads"],
    ["?w.usage.StatsMap.2.table=1"],
  ])("comes back as it was: %s", (search) => {
    expect(formatState(parseState(search, defaults), defaults)).toBe(search);
  });

  it.each([
    ["?by=century&range=yesterday&compare=all", ""],
    ["?range=2026-03-31..2026-01-01", ""],
    ["?range=2026-02-30..2026-03-01", ""],
    ["?only=nothing", ""],
  ])("drops what it cannot read: %s", (search, expected) => {
    expect(formatState(parseState(search, defaults), defaults)).toBe(expected);
  });

  it("drops a filter by what the numbers are not split by, and takes the one of the page about a value", () => {
    const known = { ...defaults, breakdowns: ["languages"] };
    expect(parseState("?only=nonsense%3Aeng", known).filter).toBeNull();
    expect(parseState("?only=languages%3Aeng", known).filter).toEqual({ breakdown: "languages", value: "eng" });
    const ofValue = { ...known, filter: { breakdown: "languages", value: "fra" } };
    const state = parseState("?only=languages%3Aeng&by=day", ofValue);
    expect(state.filter).toEqual(ofValue.filter);
    expect(formatState(state, ofValue, "?only=languages%3Aeng&by=day")).toBe("?by=day");
  });

  it("leaves parameters of others alone", () => {
    expect(formatState(parseState("", defaults), defaults, "?lang=de&by=day")).toBe("?lang=de");
  });

  it("drops a choice that goes back to its default", () => {
    const chosen = withChoice(parseState("", defaults), "content.X", { view: "pie" });
    expect(formatState(chosen, defaults)).toBe("?w.content.X.view=pie");
    expect(formatState(withChoice(chosen, "content.X", { view: null }), defaults)).toBe("");
  });
});

it("keeps a preset that another granularity offers too", () => {
  const state = parseState("", defaults);
  expect(withGranularity(state, "month", defaults).range).toEqual({ kind: "preset", name: "yearToDate" });
  expect(withGranularity(state, "year", defaults).range).toEqual({ kind: "preset", name: "2years" });
  const fiscal = parseState("?range=fiscalYearToDate", defaults);
  expect(withGranularity(fiscal, "year", defaults).range).toEqual({ kind: "preset", name: "fiscalYearToDate" });
  expect(withGranularity(parseState("?range=2026-01-01..2026-03-31", defaults), "year", defaults).range.kind).toBe(
    "custom",
  );
});

it("clips a range to today and to the configured history", () => {
  const today = parseDay("2026-11-22");
  if (today === null) throw new Error("no day");
  const { range } = parseState("?range=1990-01-01..2030-01-01", defaults);
  expect(resolveRange(range, { today, maxHistoryYears: 10, fiscalYearStart: 1 })).toEqual({
    from: "2016-01-01",
    to: "2026-11-22",
  });
});
