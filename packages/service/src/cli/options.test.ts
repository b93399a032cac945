import { describe, expect, it } from "vitest";
import { dayOption, listOption } from "./options.ts";

describe("dayOption", () => {
  it.each([
    ["2025-03-31", "2025-03-31"],
    ["2025-03-31T12:00:00", "2025-03-31"],
    [undefined, null],
  ])("%s", (value, expected) => {
    expect(dayOption({ endDate: value }, "endDate")).toBe(expected);
  });

  it.each(["2025-02-30", "31.3.2025", "2025-3-1", "", "yesterday"])("names option and value of %j", (value) => {
    expect(() => dayOption({ endDate: value }, "endDate")).toThrow(`--end-date ${JSON.stringify(value)} is not a day.`);
  });
});

describe("listOption", () => {
  it("is empty where nothing is given", () => {
    expect(listOption({}, "communityId")).toEqual([]);
  });
});
