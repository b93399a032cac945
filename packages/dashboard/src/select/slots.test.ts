import { expect, it } from "vitest";
import { slotsOf } from "./slots.ts";

const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

function drawn(pictures: readonly (readonly string[])[]): readonly unknown[] {
  return pictures.map((shown) => {
    const slots = slotsOf(shown, ["a", "b", "c"]);
    return Object.fromEntries(shown.map((id, index) => [id, slots[index]]));
  });
}

it("colours are the same whichever picture is drawn first, and in whatever sequence", () => {
  const pictures = [
    ["c", "a", "x"],
    ["y", "x", "b", "a"],
  ];
  const colours = [
    { a: 1, c: 3, x: 2 },
    { a: 1, b: 2, x: 3, y: 4 },
  ];
  expect(drawn(pictures)).toEqual(colours);
  expect(drawn(pictures.toReversed())).toEqual(colours.toReversed());
  expect(drawn(pictures.map((shown) => shown.toReversed()))).toEqual(colours);
});

it.each([
  ["all of the order", numbered("a", 12)],
  ["some of the order", [...numbered("b", 7), ...numbered("a", 5)]],
  ["none of the order", numbered("b", 12)],
])("twelve values, %s, have twelve colours", (_, shown) => {
  expect(new Set(slotsOf(shown, numbered("a", 12))).size).toBe(12);
});

it("past twelve, values of the order keep theirs, and the last of the others share the neutral one", () => {
  const shown = [...numbered("b", 13), "a11"];
  expect(slotsOf(shown, numbered("a", 14)).slice(11)).toEqual(["other", "other", 12]);
});
