import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inPieces } from "./in-pieces.ts";

const ITEM_MS = 5;
beforeEach(() => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += ITEM_MS));
});
afterEach(() => vi.restoreAllMocks());

function* numbers(made: number[]): Iterable<number> {
  for (let number = 0; number < 6; number += 1) {
    made.push(number);
    yield number;
  }
}

it("makes everything in its order, and lets others have their turn meanwhile", async () => {
  const made: number[] = [];
  let seen = 0;
  setTimeout(() => {
    seen = made.length;
  });
  expect(await inPieces(numbers(made), () => true)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(seen).toBe(2);
});

it("goes no further once nobody waits", async () => {
  const made: number[] = [];
  expect(await inPieces(numbers(made), () => false)).toBeNull();
  expect(made).toEqual([0, 1]);
});
