import { dayFromNumber, dayNumber, parseDay, type DayNumber } from "@community-stats/contract/days.ts";
import { GRANULARITIES, WEEK_STARTS } from "@community-stats/contract/series.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlap, periodAround, periodsOf, yearOfDay } from "./periods.ts";

function day(text: string): DayNumber {
  const parsed = parseDay(text);
  if (parsed === null) throw new Error(`${text} is no day`);
  return dayNumber(parsed);
}

describe("periodAround", () => {
  it.each([
    ["day", "2024-02-29", "2024-02-29", "2024-02-29"],
    ["week", "2025-01-01", "2024-12-30", "2025-01-05"],
    ["week", "2024-12-30", "2024-12-30", "2025-01-05"],
    ["week", "2026-11-22", "2026-11-16", "2026-11-22"],
    ["week", "1969-12-31", "1969-12-29", "1970-01-04"],
    ["month", "2024-02-10", "2024-02-01", "2024-02-29"],
    ["month", "2025-12-31", "2025-12-01", "2025-12-31"],
    ["quarter", "2025-05-05", "2025-04-01", "2025-06-30"],
    ["quarter", "2025-12-31", "2025-10-01", "2025-12-31"],
    ["year", "1900-06-01", "1900-01-01", "1900-12-31"],
  ] as const)("%s around %s", (granularity, inside, from, to) => {
    const period = periodAround(day(inside), granularity, "monday");
    expect([dayFromNumber(period.from), dayFromNumber(period.to)]).toEqual([from, to]);
  });
});

describe("weeks", () => {
  it.each([
    ["sunday", "2026-11-22", "2026-11-22", "2026-11-28"],
    ["sunday", "2026-11-21", "2026-11-15", "2026-11-21"],
    ["sunday", "1969-12-31", "1969-12-28", "1970-01-03"],
    ["saturday", "2026-11-22", "2026-11-21", "2026-11-27"],
    ["saturday", "2024-02-29", "2024-02-24", "2024-03-01"],
  ] as const)("that begin on %s, around %s", (weekStart, inside, from, to) => {
    const period = periodAround(day(inside), "week", weekStart);
    expect([dayFromNumber(period.from), dayFromNumber(period.to)]).toEqual([from, to]);
  });
});

describe("periodsOf", () => {
  it("covers every day of the range once, without gaps", () => {
    const days = fc.integer({ min: -50_000, max: 60_000 });
    const ways = fc.tuple(fc.constantFrom(...GRANULARITIES), fc.constantFrom(...WEEK_STARTS));
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 900 }), ways, (first, length, [by, weekStart]) => {
        const range = { from: first as DayNumber, to: (first + length) as DayNumber };
        const periods = periodsOf(range, by, weekStart);
        expect(periods[0]?.from).toBeLessThanOrEqual(range.from);
        expect(periods.at(-1)?.to).toBeGreaterThanOrEqual(range.to);
        expect(periods.every((period) => overlap(period, range) !== null)).toBe(true);
        const starts = periods.slice(1).map((period) => period.from);
        expect(starts).toEqual(periods.slice(0, -1).map((period) => period.to + 1));
      }),
      { numRuns: 200 },
    );
  });
});

describe("yearOfDay", () => {
  it.each([
    [0, 1970],
    [-1, 1969],
    [20_088, 2024],
    [20_089, 2025],
  ])("day %i lies in %i", (number, year) => expect(yearOfDay(number)).toBe(year));
});
