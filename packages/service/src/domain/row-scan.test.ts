import { array, assert, integer, nat, property, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { DayPacker, RowPacker, unpackDays, unpackRows } from "./packing.ts";
import { RowScan } from "./row-scan.ts";

const WIDTH = 5;
const counters = array(integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { minLength: WIDTH, maxLength: WIDTH });
const keys = uniqueArray(nat(5000), { maxLength: 20 });
const picks = uniqueArray(integer({ min: 0, max: WIDTH - 1 }), { maxLength: WIDTH });

describe("RowScan", () => {
  it("reads the chosen counters as the whole row has them", () => {
    assert(
      property(keys, array(counters, { minLength: 20, maxLength: 20 }), picks, (unsorted, rows, chosen) => {
        const packer = new RowPacker(WIDTH);
        const sorted = unsorted.toSorted((a, b) => a - b);
        for (const [index, key] of sorted.entries()) packer.row(key, rows[index] ?? []);
        const data = packer.take();
        const expected: number[][] = [];
        unpackRows(data, WIDTH, (key, row) => expected.push([key, ...chosen.map((pick) => row[pick] ?? 0)]));
        const found: number[][] = [];
        const scan = new RowScan(WIDTH, chosen);
        scan.rows(data, (key) => found.push([key, ...scan.values]));
        expect(found).toEqual(expected);
      }),
    );
  });

  it("reads the days of a range", () => {
    const packer = new DayPacker(WIDTH);
    for (const day of [-10, 3, 4, 9]) {
      packer.day(day, 2);
      packer.row(1, [day + 11, 0, 300, 0, 1]);
      packer.row(7, [0, 2, 0, 0, 0]);
    }
    const data = packer.take();
    const expected: number[][] = [];
    unpackDays(data, WIDTH, (day, key, row) => {
      if (day >= 3 && day <= 4) expected.push([day, key, row[2] ?? 0, row[0] ?? 0]);
    });
    const found: number[][] = [];
    const scan = new RowScan(WIDTH, [2, 0]);
    scan.days(data, { from: 3, to: 4 }, (day, key) => found.push([day, key, ...scan.values]));
    expect(found).toEqual(expected);
  });

  it("never takes a cut blob for a short one", () => {
    const packer = new RowPacker(2);
    packer.row(3, [1000, 1000]);
    const cut = packer.take().subarray(0, -1);
    for (const chosen of [[0], [1], []]) {
      expect(() => new RowScan(2, chosen).rows(cut, () => undefined)).toThrow(RangeError);
    }
  });
});
