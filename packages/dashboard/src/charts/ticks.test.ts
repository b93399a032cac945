import { describe, expect, it } from "vitest";
import { mayLeaveZero, scaleFor, timeTicks } from "./ticks.ts";

const counts = { unit: "count", binary: false, steps: 4, fromZero: true } as const;

describe("y ticks", () => {
  it.each([
    ["thousands", [3079], [0, 1000, 2000, 3000, 4000]],
    ["few", [3], [0, 1, 2, 3]],
    ["nothing", [], [0, 1]],
    ["zero", [0, 0], [0, 1]],
    ["fits exactly", [100], [0, 25, 50, 75, 100]],
    ["negative", [-3, 5], [-4, -2, 0, 2, 4, 6]],
  ])("%s", (_, values, expected) => expect(scaleFor(values, counts).ticks).toEqual(expected));

  it("are few where there is little room", () => {
    expect(scaleFor([3079], { ...counts, steps: 2 }).ticks).toEqual([0, 2000, 4000]);
  });

  it("of bytes are round in one unit", () => {
    const bytes = { ...counts, unit: "bytes" } as const;
    expect(scaleFor([45e9], bytes).ticks).toEqual([0, 20e9, 40e9, 60e9]);
    expect(scaleFor([1.6e12], bytes).ticks).toEqual([0, 500e9, 1000e9, 1500e9, 2000e9]);
  });

  it("leave zero only where a line is nearly level", () => {
    expect(mayLeaveZero([600, 640, 688])).toBe(true);
    expect(mayLeaveZero([400, 688])).toBe(false);
    expect(mayLeaveZero([5])).toBe(false);
    expect(scaleFor([601, 688], { ...counts, fromZero: false }).ticks[0]).toBe(600);
  });
});

describe("time ticks", () => {
  const year = { from: "2026-01-01", to: "2026-11-22", granularity: "week" } as const;
  it.each([
    [1165, "01 02 03 04 05 06 07 08 09 10 11"],
    [865, "01 02 03 04 05 06 07 08 09 10 11"],
    [585, "01 03 05 07 09 11"],
    [296, "01 04 07 10"],
  ])("of a year at %i px", (width, expected) => {
    expect(
      timeTicks({ ...year, width })
        .map(({ day }) => day.slice(5, 7))
        .join(" "),
    ).toBe(expected);
  });

  it("name the year with January and at the beginning", () => {
    const ticks = timeTicks({ from: "2025-10-15", to: "2026-02-10", granularity: "month", width: 900 });
    expect(ticks.map(({ day, year }) => `${day} ${year}`)).toEqual([
      "2025-11-01 true",
      "2025-12-01 false",
      "2026-01-01 true",
      "2026-02-01 false",
    ]);
  });

  it("are Mondays in a short range of weeks", () => {
    const ticks = timeTicks({ from: "2026-10-25", to: "2026-11-21", granularity: "week", width: 900 });
    expect(ticks.map(({ day }) => day)).toEqual(["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"]);
  });

  it("are whatever day weeks begin on", () => {
    const weeks = {
      from: "2026-10-25",
      to: "2026-11-21",
      granularity: "week",
      week: "2026-10-25",
      width: 900,
    } as const;
    expect(timeTicks(weeks).map(({ day }) => day)).toEqual(["2026-10-25", "2026-11-01", "2026-11-08", "2026-11-15"]);
    const cut = timeTicks({ ...weeks, from: "2026-10-28" });
    expect(cut.map(({ day }) => day)).toEqual(["2026-11-01", "2026-11-08", "2026-11-15"]);
  });

  it("are years in a long range", () => {
    const ticks = timeTicks({ from: "2016-01-01", to: "2026-11-22", granularity: "year", width: 300 });
    expect(ticks.map(({ day }) => day.slice(0, 4))).toEqual(["2020", "2025"]);
  });
});
