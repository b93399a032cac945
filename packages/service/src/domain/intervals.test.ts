import { describe, expect, it } from "vitest";
import { deletionIntervals, foldMembership } from "./intervals.ts";

const plus = (at: number) => ({ added: true, at });
const minus = (at: number) => ({ added: false, at });

describe("membership of a record", () => {
  it.each([
    ["never", [], []],
    ["joins", [plus(1)], [[1, Infinity]]],
    ["joins and leaves", [plus(1), minus(5)], [[1, 5]]],
    ["lines in any order", [minus(5), plus(1)], [[1, 5]]],
    [
      "re-joins",
      [plus(1), minus(5), plus(7)],
      [
        [1, 5],
        [7, Infinity],
      ],
    ],
    ["a second addition", [plus(1), plus(3), minus(5)], [[1, 5]]],
    ["a second removal", [plus(1), minus(3), minus(5)], [[1, 3]]],
    ["a removal without addition", [minus(3)], []],
    ["a removal, then an addition", [minus(3), plus(5)], [[5, Infinity]]],
    ["both at one instant, closed before", [minus(3), plus(3)], [[3, 3]]],
    ["both at one instant, open before", [plus(1), minus(3), plus(3)], [[1, 3]]],
  ])("%s", (_, changes, expected) => {
    expect(foldMembership(changes).map(({ open, close }) => [open, close])).toEqual(expected);
  });
});

const alive = (updated: number) => ({ updated, deleted: false, removed: null });
const dead = (updated: number, removed: number | null = null) => ({ updated, deleted: true, removed });

describe("deletions of a record", () => {
  it.each([
    ["none", [alive(1)], [], []],
    ["at the removal date", [alive(1), dead(9, 5)], [], [[5, Infinity]]],
    ["at the line's own instant", [alive(1), dead(9)], [], [[9, Infinity]]],
    ["a run of deleted lines is one", [alive(1), dead(5), dead(7, 6), alive(9)], [], [[5, 9]]],
    [
      "deleted, restored, deleted",
      [dead(2), alive(4), dead(6)],
      [],
      [
        [2, 4],
        [6, Infinity],
      ],
    ],
    ["removed after the restore: void", [dead(2, 8), alive(4)], [], []],
    ["told by a membership line", [alive(1)], [3], [[3, Infinity]]],
    ["told, restored by the next line", [alive(1), alive(5)], [3], [[3, 5]]],
    ["told at the instant of a line: that line does not restore", [alive(3), alive(5)], [3], [[3, 5]]],
    ["told twice", [alive(1)], [4, 3], [[3, Infinity]]],
    ["told and tombstone", [alive(1), dead(5, 4), alive(7)], [3], [[3, 7]]],
    [
      "told during a deletion, restored later",
      [dead(1), alive(5), alive(9)],
      [2, 6],
      [
        [1, 5],
        [6, 9],
      ],
    ],
  ])("%s", (...[, lines, told, expected]) => {
    expect(deletionIntervals(lines, told).map(({ open, close }) => [open, close])).toEqual(expected);
  });
});
