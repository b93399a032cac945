import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints } from "./code-points.ts";

function byDefinition(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  for (const [index, point] of (a ?? []).entries()) {
    const other = b?.[index];
    if (other === undefined) return 1;
    if (point !== other) return point - other;
  }
  return (a?.length ?? 0) - (b?.length ?? 0);
}

describe("compareCodePoints", () => {
  it("puts the last of the basic plane before the first beyond it", () => {
    expect(compareCodePoints("\u{ffff}", "\u{10000}")).toBeLessThan(0);
  });

  it("agrees with the code points themselves", () => {
    const text = fc.string({ unit: "grapheme-composite" });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareCodePoints(left, right))).toBe(Math.sign(byDefinition(left, right)));
      }),
    );
  });
});
