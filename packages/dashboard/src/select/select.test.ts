import { dayRuns, gapDays, knownSpan } from "@community-stats/contract/knowledge.ts";
import { needsDays, otherRequest } from "@community-stats/contract/other-period.ts";
import type { ColumnsAnswer, ColumnSeries, Period } from "@community-stats/contract/series.ts";
import { describe, expect, it } from "vitest";
import { columnsAnswer } from "../../test/answers.ts";
import { breakdownRows } from "./breakdown-rows.ts";
import { compareDays, compareWhole, foldOther, otherYear } from "./comparison.ts";
import { searchLink } from "./search-link.ts";
import { timeRows } from "./time-rows.ts";

function series(
  part: Partial<ColumnSeries> & { readonly values?: number; readonly numbers?: readonly (number | null)[] },
): ColumnSeries {
  const numbers = part.numbers ?? [];
  return {
    kind: "total",
    id: "",
    label: "",
    metrics: { views: numbers },
    totals: { views: numbers.reduce<number>((sum, value) => sum + (value ?? 0), 0) },
    ...part,
  };
}

const days = (from: number, states: readonly Period["state"][], month = "2026-11"): readonly Period[] =>
  states.map((state, index) => {
    const day = `${month}-${String(from + index).padStart(2, "0")}`;
    return { from: day, to: day, state };
  });

const oneDay = (month: string, value: number): ColumnsAnswer =>
  columnsAnswer({ periods: days(18, ["complete"], month), series: [series({ numbers: [value] })] });

/** A day on which 91 more went than came, beside one of the year before. */
function comparedWith(before: number): readonly ReturnType<typeof compareWhole>[] {
  const [now, then] = [oneDay("2026-11", -91), oneDay("2025-11", before)];
  return [compareWhole(now, then, "views"), compareDays(now, then, { metric: "views", shift: 365 })];
}

describe("knowledge", () => {
  it.each([
    ["to the last complete day", {}, { from: "2026-11-16", to: "2026-11-21" }],
    ["from the first day", { firstDay: "2026-11-18" }, { from: "2026-11-18", to: "2026-11-21" }],
    ["with a begun day", { incompleteDays: ["2026-11-22"] }, { from: "2026-11-16", to: "2026-11-22" }],
    ["nothing counted", { asOf: null }, null],
    ["nothing there", { firstDay: null }, null],
    ["all later", { asOf: "2026-11-01" }, null],
  ])("known span %s", (_, part, expected) => expect(knownSpan(columnsAnswer(part))).toEqual(expected));

  it("holes are not the days still to come", () => {
    expect(gapDays(columnsAnswer({ missingDays: ["2026-11-18", "2026-11-22"] }))).toEqual(["2026-11-18"]);
  });

  it("puts neighbouring days together across a month's end", () => {
    expect(dayRuns(["2026-07-31", "2026-08-01", "2026-08-05"])).toEqual([
      { from: "2026-07-31", to: "2026-08-01", days: 2 },
      { from: "2026-08-05", to: "2026-08-05", days: 1 },
    ]);
  });
});

describe("comparison", () => {
  const request = {
    scope: "global",
    side: "usage",
    kind: "delta",
    basis: "added",
    from: "2026-11-16",
    to: "2026-11-22",
    granularity: "week",
    metrics: ["views"],
    breakdown: "languages",
    top: 5,
  } as const;

  it("asks for the same weekdays, without the unfinished day and without values", () => {
    expect(otherRequest(request, columnsAnswer({ granularity: "week" }), 364)).toEqual({
      scope: "global",
      side: "usage",
      kind: "delta",
      basis: "added",
      from: "2025-11-17",
      to: "2025-11-22",
      granularity: "week",
      metrics: ["views"],
      breakdown: null,
    });
  });

  it("folds days under months", () => {
    const current = columnsAnswer({
      granularity: "month",
      periods: [
        { from: "2026-10-01", to: "2026-10-31", state: "complete" },
        { from: "2026-11-01", to: "2026-11-30", state: "open" },
      ],
    });
    const other = columnsAnswer({
      periods: [
        { from: "2025-10-02", to: "2025-10-02", state: "complete" },
        { from: "2025-11-01", to: "2025-11-01", state: "complete" },
        { from: "2025-11-02", to: "2025-11-02", state: "complete" },
      ],
      series: [series({ numbers: [1, 2, 4] })],
    });
    expect(foldOther(current, other, { metric: "views", shift: 364 })).toEqual([3, 4]);
    expect(foldOther({ ...current, kind: "snapshot" }, other, { metric: "views", shift: 364 })).toEqual([2, 4]);
  });

  it("compares only the days that both have", () => {
    const current = columnsAnswer({
      periods: days(16, ["complete", "missing", "complete", "open"]),
      series: [series({ numbers: [5, null, 7, 1] })],
    });
    const other = columnsAnswer({
      periods: days(17, ["complete", "complete", "missing"], "2025-11"),
      series: [series({ numbers: [2, 3, null] })],
    });
    expect(compareDays(current, other, { metric: "views", shift: 364 })).toEqual({
      value: 5,
      other: 2,
      days: 1,
      fewer: true,
    });
    expect(compareWhole(current, other, "views")?.value).toBe(13);
  });

  it("compares with nothing that is below zero", () => {
    expect(comparedWith(-89)).toEqual([null, null]);
    expect(comparedWith(0).map((compared) => compared?.value)).toEqual([-91, -91]);
  });

  it.each([
    ["none", { granularity: "week" }, {}, false],
    ["by day anyway", {}, {}, true],
    ["hole now", { granularity: "week", missingDays: ["2026-11-18"] }, {}, true],
    ["hole then", { granularity: "week" }, { missingDays: ["2025-11-18"] }, true],
    ["began later", { granularity: "week" }, { firstDay: "2025-11-20" }, true],
    ["began day", { granularity: "week", incompleteDays: ["2026-11-22"] }, {}, true],
  ] as const)("days are needed: %s", (_, now, then, expected) => {
    expect(needsDays(columnsAnswer(now), columnsAnswer(then), 364)).toBe(expected);
  });

  it("calls the other period by its year", () => {
    expect(otherYear({ from: "2026-01-01", to: "2026-11-22" }, 364)).toBe("2025");
    expect(otherYear({ from: "2025-10-01", to: "2026-03-01" }, 364)).toBeNull();
  });
});

describe("rows", () => {
  const parts = columnsAnswer({
    breakdown: "languages",
    series: [
      series({ numbers: [10, 10] }),
      series({ kind: "value", id: "eng", numbers: [6, 6] }),
      series({ kind: "value", id: "fra", numbers: [2, 0] }),
      series({ kind: "other", values: 3, numbers: [1, 2] }),
      series({ kind: "notStated", numbers: [1, 2] }),
    ],
  });

  it("breakdown: values, remainder, not stated, with shares of the whole", () => {
    const found = breakdownRows(parts, { metric: "views", top: 10, several: false });
    expect(found.rows.map(({ key, value, share, size }) => [key, value, share, size])).toEqual([
      ["value:eng", 12, 0.6, 1],
      ["value:fra", 2, 0.1, 2 / 12],
      ["other", 3, 0.15, 0.25],
      ["notStated", 3, 0.15, 0.25],
    ]);
  });

  it("several values per record: the remainder has a count and no sum", () => {
    const { rows } = breakdownRows(parts, { metric: "views", top: 10, several: true });
    expect(rows.find(({ key }) => key === "other")).toMatchObject({ value: null, share: null, size: 0 });
    expect(
      timeRows(parts, {
        metric: "views",
        breakdown: "languages",
        several: true,
        order: [],
        today: "2026-11-22",
      }).series,
    ).toHaveLength(2);
  });

  it("time: slots of the order, the neutral one for what is no value", () => {
    const order = ["deu", "eng", "fra"];
    const choice = { metric: "views", breakdown: "languages", several: false, order, today: "2026-11-22" };
    expect(timeRows(parts, choice).series.map(({ slot }) => slot)).toEqual([2, 3, "other", "other"]);
  });
});

it.each([
  [
    "resource_types",
    "publication-article",
    null,
    "/search?q=&f=resource_type%3Apublication%2Binner%3Apublication-article",
  ],
  ["resource_types", "dataset", null, "/search?q=&f=resource_type%3Adataset"],
  [
    "funders",
    "https://ror.org/1",
    "abc",
    "/communities/abc/records?q=metadata.funding.funder.id%3A%22https%3A%2F%2Fror.org%2F1%22",
  ],
  ["publishers", 'A "B"', null, "/search?q=metadata.publisher%3A%22A+%5C%22B%5C%22%22"],
  ["countries", "DE", null, null],
])("link into the search: %s %s", (breakdown, id, slug, expected) => {
  const repositoryUrl = "https://repository.example";
  expect(searchLink(breakdown, id, { repositoryUrl, slug })).toBe(
    expected === null ? null : `${repositoryUrl}${expected}`,
  );
  expect(searchLink(breakdown, id, { repositoryUrl: null, slug })).toBeNull();
});
