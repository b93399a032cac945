import type { Period } from "@community-stats/contract/series.ts";
import { describe, expect, it } from "vitest";
import { catalogue } from "./catalogues/en.ts";
import * as say from "./sentences.ts";
import { createWords } from "./words.ts";

const words = createWords("en", catalogue, false);
const downloads = { side: "usage", name: "downloads" } as const;
const views = { side: "usage", name: "views" } as const;
const records = { side: "records", name: "records" } as const;
const week = (from: string, to: string, state: Period["state"] = "complete"): Period => ({ from, to, state });
const weeks = [
  week("2026-03-02", "2026-03-08"),
  week("2026-03-09", "2026-03-15"),
  week("2026-03-16", "2026-03-22"),
  week("2026-03-23", "2026-03-29", "open"),
];
const year2026 = { from: "2026-01-01", to: "2026-11-21" };

describe("level", () => {
  it.each([
    ["whole", { value: 87_904, gapDays: 0 }, "<b>87,904</b> downloads from 1 January to 21 November 2026."],
    [
      "gaps",
      { value: 87_904, gapDays: 9 },
      "<b>87,904</b> downloads from 1 January to 21 November 2026, at least: 9 days have no data.",
    ],
    [
      "one gap, one download",
      { value: 1, gapDays: 1 },
      "<b>1</b> download from 1 January to 21 November 2026, at least: 1 day has no data.",
    ],
    ["nothing", { value: 0, gapDays: 0 }, "No downloads from 1 January to 21 November 2026."],
    [
      "nothing known",
      { value: 0, gapDays: 2 },
      "<b>0</b> downloads from 1 January to 21 November 2026, at least: 2 days have no data.",
    ],
  ])("over a period: %s", (_, facts, expected) => {
    expect(say.levelOverPeriod(words, { metric: downloads, ...year2026, ...facts })).toBe(expected);
  });

  it("names one day and two years", () => {
    const facts = { metric: downloads, value: 3, gapDays: 0 };
    expect(say.levelOverPeriod(words, { ...facts, from: "2026-08-01", to: "2026-08-01" })).toBe(
      "<b>3</b> downloads on 1 August 2026.",
    );
    expect(say.levelOverPeriod(words, { ...facts, from: "2025-12-30", to: "2026-01-02" })).toBe(
      "<b>3</b> downloads from 30 December 2025 to 2 January 2026.",
    );
  });

  it.each([
    ["more", 616, "<b>688</b> records on 21 November 2026, 72 more than a year before (12%)."],
    ["fewer", 700, "<b>688</b> records on 21 November 2026, 12 fewer than a year before (2%)."],
    ["same", 688, "<b>688</b> records on 21 November 2026."],
    ["unknown", null, "<b>688</b> records on 21 November 2026."],
  ])("at a day: %s", (_, before, expected) => {
    expect(say.levelAt(words, { metric: records, value: 688, day: "2026-11-21", before })).toBe(expected);
  });
});

describe("change", () => {
  const other = "in the same days of 2025";
  it.each([
    ["more", 123, 100, "That is 23% more than in the same days of 2025."],
    ["less", 77, 100, "That is 23% less than in the same days of 2025."],
    ["under half a per cent", 1_004, 1_000, "That is about the same as in the same days of 2025."],
    ["none before", 5, 0, "There were none in the same days of 2025."],
    ["multiple", 1_200, 100, "That is 12 times as many as in the same days of 2025."],
    ["to nothing", 0, 10, "That is 100% less than in the same days of 2025."],
  ])("%s", (_, value, before, expected) => {
    expect(say.change(words, { value, other: before }, other)).toBe(expected);
  });
});

describe("peak", () => {
  const facts = { metric: downloads, granularity: "week", periods: weeks } as const;
  it.each([
    ["one", [1_500, 3_079, 1_600, null], "The highest week was 9–15 Mar with 3,079."],
    ["tie", [1_500, 3_079, 3_079, 10], "The highest week was first reached 9–15 Mar with 3,079."],
    ["flat", [1_500, 1_600, 1_550, 1_500], null],
    ["too few", [1, 9, null, null], null],
    ["zero", [0, 0, 0, 0], null],
  ])("%s", (_, values, expected) => {
    expect(say.peak(words, { ...facts, values })).toBe(expected);
  });
});

it("trough: a period in which more was removed than added", () => {
  const periods = [week("2026-04-01", "2026-04-30"), week("2026-05-01", "2026-05-31")];
  const facts = { granularity: "month", periods, added: [9, 5], removed: [1, 22] } as const;
  expect(say.trough(words, facts)).toBe("In May more were removed (22) than added (5).");
  expect(say.trough(words, { ...facts, removed: [1, 5] })).toBeNull();
});

describe("leaders and breakdown", () => {
  const two = [
    { name: "English", value: 114_541 },
    { name: "French", value: 5_228 },
  ];
  it.each([
    ["two", two, 143_342, "English leads with 80% of 143,342 views, then French with 4%."],
    ["one of several", two.slice(0, 1), 143_342, "English leads with 80% of 143,342 views."],
    ["all", [{ name: "English", value: 9 }], 9, "All 9 views are English."],
    [
      "tie",
      [
        { name: "A", value: 5 },
        { name: "B", value: 5 },
      ],
      20,
      "A and B lead with 25% each of 20 views.",
    ],
    ["none", [], 10, null],
  ])("%s", (_, leaders, whole, expected) => {
    expect(say.breakdownLead(words, { metric: views, leaders, whole, several: false })).toBe(expected);
  });

  it("short form, without the whole", () => {
    const leaders = [
      { name: "Report", value: 71 },
      { name: "Dataset", value: 14 },
    ];
    expect(say.leaders(words, { leaders, whole: 100 })).toBe("Report leads with 71%, then Dataset with 14%.");
    expect(say.leaders(words, { leaders: leaders.slice(0, 1), whole: 71 })).toBe("All are Report.");
  });

  it("says when shares exceed the whole", () => {
    const leaders = [
      { name: "A", value: 8 },
      { name: "B", value: 7 },
    ];
    expect(say.breakdownLead(words, { metric: views, leaders, whole: 10, several: true })).toBe(
      "A leads with 80% of 10 views, then B with 70%. A record can have several; shares add up to more than 100%.",
    );
  });

  it("keeps a right-to-left name apart", () => {
    const leaders = [{ name: "العربية", value: 1 }];
    expect(say.leaders(words, { leaders, whole: 2 })).toBe("\u2068العربية\u2069 leads with 50%.");
  });
});

it("map", () => {
  const leaders = [
    { name: "United States", value: 16 },
    { name: "Germany", value: 8 },
  ];
  expect(say.mapLead(words, { metric: views, leaders, whole: 100, countries: 70 })).toBe(
    "Views came from 70 countries. United States leads with 16% of 100 views, then Germany with 8%.",
  );
});

it("threshold: the largest round number passed", () => {
  const periods = [
    week("2025-05-01", "2025-05-31"),
    week("2025-06-01", "2025-06-30"),
    week("2025-07-01", "2025-07-31"),
  ];
  const facts = { metric: records, granularity: "month", periods } as const;
  expect(say.threshold(words, { ...facts, values: [480, 510, 688] })).toBe("The collection passed 500 in June 2025.");
  expect(say.threshold(words, { ...facts, values: [510, 600, 688] })).toBeNull();
});

it.each([
  ["week", "The last week, 23–29 Mar, is not finished."],
  ["quarter", "The last quarter, Q1 2026, is not finished."],
  ["year", "The last year, 2026, is not finished."],
] as const)("caveat: %s", (granularity, expected) => {
  expect(say.caveat(words, { granularity, periods: weeks })).toBe(expected);
  expect(say.caveat(words, { granularity, periods: weeks.slice(0, 2) })).toBeNull();
});

it("joins what applies, up to a limit", () => {
  expect(say.joined(["A.", null, "B.", "C."], 2)).toBe("A. B.");
});

it.each([
  ["a".repeat(61), `${"a".repeat(59)}…`],
  ["国".repeat(400), `${"国".repeat(59)}…`],
  ["b".repeat(60), "b".repeat(60)],
])("names a leader in a line, not in many", (name, expected) => {
  expect(
    say.leaders(words, {
      leaders: [
        { name, value: 60 },
        { name: "B", value: 40 },
      ],
      whole: 100,
    }),
  ).toBe(`${expected} leads with 60%, then B with 40%.`);
});
