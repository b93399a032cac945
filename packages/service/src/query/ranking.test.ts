import { array, assert, nat, property, uniqueArray, string } from "fast-check";
import { expect, it } from "vitest";
import { compareCodePoints } from "../domain/code-points.ts";
import { RankedTargets } from "./ranking.ts";

it("is the list in the order of numbers, then of names, however far it is asked", () => {
  assert(
    property(
      uniqueArray(string(), { maxLength: 60 }),
      array(nat(4), { minLength: 60 }),
      nat(9),
      (names, numbers, step) => {
        const numberOf = (target: number) => numbers[target] ?? 0;
        const told = [...names.keys()]
          .filter((target) => numberOf(target) > 0)
          .toSorted((a, b) => numberOf(b) - numberOf(a) || compareCodePoints(names[a] ?? "", names[b] ?? ""));
        const ranked = new RankedTargets(names, numberOf);
        expect(ranked.count).toBe(told.length);
        const parts: number[] = [];
        for (let from = 0; from < told.length; from += step + 1) parts.push(...ranked.slice(from, from + step + 1));
        expect(parts).toEqual(told);
      },
    ),
  );
});
