import { describe, expect, it } from "vitest";
import { RecordUsePacker, unpackRecordUse } from "./packing.ts";
import { RecordUseScan } from "./record-use-scan.ts";

const WIDTH = 11;
const PICKS = [9, 0, 4, 10];

/** Numbers of one to eight bytes, many of them zero. */
function blob(rows: number): Uint8Array {
  const packer = new RecordUsePacker(WIDTH);
  let record = 0;
  for (let row = 0; row < rows; row++) {
    record += row % 3 === 0 ? 0 : (row * 7919) % 100_003;
    const counters = Array.from({ length: WIDTH }, (_, index) =>
      (row * 31 + index * 17) % 5 < 2 ? 0 : 3 ** ((row + 5 * index) % 33),
    );
    packer.row(record, row % 200, counters);
  }
  return packer.take();
}

type Row = readonly [record: number, set: number, ...counters: number[]];

function unpacked(data: Uint8Array): readonly Row[] {
  const rows: Row[] = [];
  unpackRecordUse(data, WIDTH, (record, set, counters) => {
    rows.push([record, set, ...PICKS.map((pick) => counters[pick] ?? 0)]);
  });
  return rows;
}

describe("scan of use per record", () => {
  const data = blob(2000);

  it("reads the chosen counters as they were packed", () => {
    const scan = new RecordUseScan(WIDTH, PICKS);
    const found: number[][] = [];
    scan.rows(data, { sets: null, last: Infinity }, (record) => found.push([record, ...scan.values]));
    expect(found).toEqual(unpacked(data).map(([record, , ...counters]) => [record, ...counters]));
    expect(found).toHaveLength(2000);
  });

  it("steps over sets and records that are not wanted", () => {
    const sets = Uint8Array.from({ length: 200 }, (_, set) => Number(set % 7 === 0));
    const last = unpacked(data)[1200]?.[0] ?? 0;
    const scan = new RecordUseScan(WIDTH, PICKS);
    const found: number[][] = [];
    scan.rows(data, { sets, last }, (record) => found.push([record, ...scan.values]));
    const told = unpacked(data).filter(([record, set]) => set % 7 === 0 && record <= last);
    expect(found).toEqual(told.map(([record, , ...counters]) => [record, ...counters]));
  });

  it("never takes a cut blob for a short one", () => {
    const small = blob(4);
    const lengths = Array.from({ length: small.length }, (_, length) => length);
    const whole = lengths.filter((length) => !throwsRangeError(() => scan(small.subarray(0, length))));
    // Only between two rows.
    expect(whole).toHaveLength(4);
  });
});

function scan(data: Uint8Array): void {
  new RecordUseScan(WIDTH, PICKS).rows(data, { sets: null, last: Infinity }, () => undefined);
}

function throwsRangeError(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}
