import { describe, expect, it } from "vitest";
import { addDays, dayFromNumber, dayNumber, dayOf, lengthOf, parseDay, parseInstant, type Day } from "./days.ts";

describe("parseDay", () => {
  it.each([
    ["2025-03-31", true],
    ["2024-02-29", true],
    ["2025-02-29", false],
    ["2025-13-01", false],
    ["2025-3-1", false],
    ["2025-03-31T00:00:00", false],
    ["0099-01-01", true],
    ["0001-02-29", false],
    ["0000-01-01", false],
    ["", false],
  ])("%s is a day: %s", (text, expected) => {
    expect(parseDay(text) !== null).toBe(expected);
  });

  it("numbers days before and after 1970", () => {
    expect(dayNumber("1970-01-02" as Day)).toBe(1);
    expect(dayFromNumber(-1)).toBe("1969-12-31");
    expect(addDays("2024-02-28" as Day, 2)).toBe("2024-03-01");
    expect(lengthOf({ from: "2024-12-31" as Day, to: "2025-01-01" as Day })).toBe(2);
  });
});

describe("parseInstant", () => {
  it.each([
    ["2025-03-10", Date.UTC(2025, 2, 10)],
    ["2025-03-10T10:15", Date.UTC(2025, 2, 10, 10, 15)],
    ["2025-03-10T10:15:42", Date.UTC(2025, 2, 10, 10, 15, 42)],
    ["2025-03-10 10:15:42Z", Date.UTC(2025, 2, 10, 10, 15, 42)],
    ["2025-03-10T00:15:00+02:00", Date.UTC(2025, 2, 9, 22, 15)],
    ["1999-12-31T23:00:00-0500", Date.UTC(2000, 0, 1, 4)],
    ["2020-01-20T17:33:09.899211+00:00", Date.UTC(2020, 0, 20, 17, 33, 9) + 899.211],
  ])("%s", (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each(["", "now", "2025-02-30T00:00:00", "2025-03-10T24:00:00", "2025-03-10T10:61:00", "20250310T101542"])(
    "refuses %j",
    (text) => {
      expect(parseInstant(text)).toBeNull();
    },
  );

  it("orders microseconds", () => {
    const [a, b] = ["2026-03-02T10:15:42.123456", "2026-03-02T10:15:42.123457"].map(parseInstant);
    expect(Number(b) > Number(a)).toBe(true);
    expect(dayOf(a ?? (0 as never))).toBe("2026-03-02");
  });
});
