import { expect, it } from "vitest";
import { classOf, mapClasses } from "./map-classes.ts";

it.each([
  [22_346, [1, 200, 1_000, 2_500, 5_000, 10_000]],
  [9, [1, 2]],
  [1, [1]],
  [0, []],
])("classes up to %i", (highest, expected) => {
  expect(mapClasses(highest).slice(0, expected.length)).toEqual(expected);
});

it("the greatest value is always in the darkest class", () => {
  for (const highest of [1, 2, 5, 9, 50, 999, 22_346, 1e9]) expect(classOf(highest, mapClasses(highest))).toBe(6);
  expect(classOf(0, mapClasses(10))).toBe(0);
});
