import { expect, it } from "vitest";
import { fitted, textWidth } from "./text-width.ts";

it.each([
  ["short", "short"],
  ["W".repeat(400), `${"W".repeat(9)}…`],
  ["研究データ管理計画".repeat(40), "研究データ管理計…"],
  ["a word and another word", "a word and anoth…"],
])("cuts %s to the room it has", (text, cut) => {
  expect(fitted(text, 12, 120)).toBe(cut);
  expect(textWidth(cut, 12)).toBeLessThanOrEqual(120);
});
