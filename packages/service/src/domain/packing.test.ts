import { array, assert, constant, maxSafeNat, oneof, property, tuple, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { PackReader, PackWriter, RecordUsePacker, RowPacker, unpackRecordUse, unpackRows } from "./packing.ts";

const WIDTH = 5;
const counters = array(oneof(constant(0), maxSafeNat()), { minLength: WIDTH, maxLength: WIDTH });
const keys = uniqueArray(maxSafeNat(), { maxLength: 40 }).map((all) => all.toSorted((a, b) => a - b));
const rows = keys.chain((ascending) => tuple(...ascending.map((key) => counters.map((values) => ({ key, values })))));

describe("packed rows", () => {
  it("give back every number from 0 to 2^53 - 1", () => {
    const edges = [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 49, Number.MAX_SAFE_INTEGER];
    const writer = new PackWriter();
    for (const value of edges) writer.varint(value);
    const reader = new PackReader(writer.take());
    expect(edges.map(() => reader.varint())).toEqual(edges);
    expect(reader.done).toBe(true);
  });

  it("come back as they were", () => {
    assert(
      property(rows, (expected) => {
        const packer = new RowPacker(WIDTH);
        for (const { key, values } of expected) packer.row(key, values);
        expect(unpacked(packer.take())).toEqual(expected);
      }),
    );
  });

  it("throw when the blob is cut inside a row", () => {
    const packer = new RowPacker(WIDTH);
    packer.row(70_000, [1, 300, 0, 2 ** 40, 5]);
    const whole = packer.take();
    for (let length = 1; length < whole.length; length++) {
      expect(() => unpacked(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});

describe("packed use of records", () => {
  it("comes back as it was, several scope sets of one record included", () => {
    const packer = new RecordUsePacker(WIDTH);
    const expected = [
      { record: 3, scopeSet: 0, values: [1, 0, 0, 0, 2 ** 45] },
      { record: 3, scopeSet: 9, values: [0, 0, 0, 0, 0] },
      { record: 90_000, scopeSet: 1, values: [7, 6, 5, 4, 3] },
    ];
    for (const { record, scopeSet, values } of expected) packer.row(record, scopeSet, values);
    const found: object[] = [];
    unpackRecordUse(packer.take(), WIDTH, (record, scopeSet, values) =>
      found.push({ record, scopeSet, values: Array.from(values) }),
    );
    expect(found).toEqual(expected);
  });
});

function unpacked(data: Uint8Array): object[] {
  const found: object[] = [];
  unpackRows(data, WIDTH, (key, values) => found.push({ key, values: Array.from(values) }));
  return found;
}
