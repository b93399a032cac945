import { addDays, lengthOf, parseDay, type Day } from "./days.ts";
import { GRANULARITIES } from "./series.ts";
import { describe, expect, it } from "vitest";
import { presetNamed, presetRange, presetsFor, shiftRange } from "./presets.ts";

function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

function range(name: string, today: string, fiscalYearStart = 1): string {
  const preset = presetNamed(name);
  if (preset === undefined) throw new Error(name);
  const { from, to } = presetRange(preset, { today: day(today), maxHistoryYears: 10, fiscalYearStart });
  return `${from}..${to}`;
}

describe("presets", () => {
  it.each([
    ["7days", "2026-11-22", "2026-11-15..2026-11-21"],
    ["1week", "2026-11-22", "2026-11-15..2026-11-21"],
    ["1year", "2026-11-22", "2025-11-22..2026-11-21"],
    ["yearToDate", "2026-11-22", "2026-01-01..2026-11-22"],
    ["yearToDate", "2026-01-01", "2026-01-01..2026-01-01"],
    ["1month", "2026-11-22", "2026-11-01..2026-11-22"],
    ["3months", "2026-01-31", "2025-11-01..2026-01-31"],
    ["12months", "2026-11-22", "2025-12-01..2026-11-22"],
    ["currentQuarter", "2026-05-31", "2026-04-01..2026-05-31"],
    ["previousQuarter", "2026-05-31", "2026-01-01..2026-03-31"],
    ["previousQuarter", "2026-08-31", "2026-04-01..2026-06-30"],
    ["4quarters", "2026-11-22", "2026-01-01..2026-11-22"],
    ["previousYear", "2024-02-29", "2023-01-01..2023-12-31"],
    ["2years", "2026-11-22", "2025-01-01..2026-11-22"],
    ["allTime", "2026-11-22", "2016-01-01..2026-11-22"],
  ])("%s on %s", (name, today, expected) => expect(range(name, today)).toBe(expected));

  it.each([
    ["fiscalYearToDate", 7, "2026-11-22", "2026-07-01..2026-11-22"],
    ["fiscalYearToDate", 7, "2026-06-30", "2025-07-01..2026-06-30"],
    ["fiscalYearToDate", 12, "2026-12-01", "2026-12-01..2026-12-01"],
    ["previousFiscalYear", 7, "2026-11-22", "2025-07-01..2026-06-30"],
    ["previousFiscalYear", 3, "2024-02-29", "2022-03-01..2023-02-28"],
    ["previousFiscalYear", 1, "2026-11-22", "2025-01-01..2025-12-31"],
  ])("%s that begins in month %i, on %s", (name, start, today, expected) =>
    expect(range(name, today, start)).toBe(expected),
  );

  it.each(GRANULARITIES)("fiscal years are offered by %s where they are not calendar years", (granularity) => {
    const names = (start: number): readonly string[] => presetsFor(granularity, start).map(({ name }) => name);
    expect(names(7).filter((name) => !names(1).includes(name))).toEqual(["fiscalYearToDate", "previousFiscalYear"]);
    expect(names(1).every((name) => names(7).includes(name))).toBe(true);
  });

  it("never ends after today and never has its ends the wrong way round, on any day of four years", () => {
    for (let today = day("2023-01-01"); today < "2027-01-01"; today = addDays(today, 1)) {
      for (const preset of GRANULARITIES.flatMap((granularity) => presetsFor(granularity, 7))) {
        const found = presetRange(preset, { today, maxHistoryYears: 2, fiscalYearStart: 7 });
        expect(found.to <= today && found.from <= found.to, `${preset.name} on ${today}`).toBe(true);
      }
    }
  });

  it.each([7, 30, 90])("past %i days are that many days", (n) => {
    const preset = presetNamed(`${n}days`);
    if (preset === undefined) throw new Error("unknown");
    expect(lengthOf(presetRange(preset, { today: day("2026-03-01"), maxHistoryYears: 10, fiscalYearStart: 1 }))).toBe(
      n,
    );
  });
});

describe("the range before and after", () => {
  const bounds = { today: day("2026-11-22"), maxHistoryYears: 10 };
  it.each([
    ["2026-01-01", "2026-11-22", -1, "2025-01-01..2025-12-31"],
    ["2025-01-01", "2025-12-31", 1, "2026-01-01..2026-11-22"],
    ["2026-11-01", "2026-11-22", -1, "2026-10-01..2026-10-31"],
    ["2026-10-01", "2026-11-22", -1, "2026-07-01..2026-09-30"],
    ["2026-11-15", "2026-11-21", -1, "2026-11-08..2026-11-14"],
    ["2026-11-08", "2026-11-14", 1, "2026-11-15..2026-11-21"],
    ["2024-02-01", "2024-02-29", -1, "2024-01-01..2024-01-31"],
  ] as const)("%s to %s, %i", (from, to, direction, expected) => {
    const found = shiftRange({ from: day(from), to: day(to) }, direction, { ...bounds, fiscalYearStart: 1 });
    expect(`${found.from}..${found.to}`).toBe(expected);
  });

  it.each([
    ["2026-10-01", "2026-11-22", -1, "2025-10-01..2026-09-30"],
    ["2024-10-01", "2025-09-30", 1, "2025-10-01..2026-09-30"],
    ["2025-10-01", "2026-09-30", 1, "2026-10-01..2026-11-22"],
    ["2026-01-01", "2026-11-22", -1, "2025-01-01..2025-12-31"],
  ] as const)("%s to %s, %i, where years begin in October", (from, to, direction, expected) => {
    const found = shiftRange({ from: day(from), to: day(to) }, direction, { ...bounds, fiscalYearStart: 10 });
    expect(`${found.from}..${found.to}`).toBe(expected);
  });
});
