import { array, assert, integer, nat, property, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { RowPacker, unpackRows } from "./packing.ts";
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

  it("never takes a cut blob for a short one", () => {
    const packer = new RowPacker(2);
    packer.row(3, [1000, 1000]);
    const cut = packer.take().subarray(0, -1);
    for (const chosen of [[0], [1], []]) {
      expect(() => new RowScan(2, chosen).rows(cut, () => undefined)).toThrow(RangeError);
    }
  });
});
