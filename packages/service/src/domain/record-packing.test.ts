import { RECORD_COUNTERS, type RecordCounter } from "@community-stats/contract/counters.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as codes from "./record-codes.ts";
import { RecordPacker, unpackRecordDays, unpackRecordRows } from "./record-packing.ts";
import { RecordScan } from "./record-scan.ts";

const counters = fc.array(fc.oneof(fc.constant(0), fc.maxSafeNat()), {
  minLength: codes.COUNTERS,
  maxLength: codes.COUNTERS,
});
const change = fc.record({
  code: fc.integer({ min: 1, max: codes.CODES - 1 }),
  files: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
  bytes: fc.maxSafeNat(),
});
const keyed = <T>(one: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(3_000_000), one), { maxLength: 30, selector: ([key]) => key })
    .map((all) => all.toSorted(([a], [b]) => a - b));
const rows = keyed(fc.oneof(counters, change));
const days = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -700_000, max: 100_000 }), rows), { maxLength: 6, selector: ([day]) => day })
  .map((all) => all.toSorted(([a], [b]) => a - b));

type Row = number[] | { readonly code: number; readonly files: number; readonly bytes: number };

function pack(packer: RecordPacker, packed: readonly (readonly [number, Row])[]): void {
  for (const [key, row] of packed) {
    if (Array.isArray(row)) packer.row(key, row);
    else packer.change(key, row.code, row.files, row.bytes);
  }
}

/** All counters of a row, by what the codes are documented to be. */
function expanded(row: Row): number[] {
  if (Array.isArray(row)) return row;
  const found = RECORD_COUNTERS.map((_, index) => ((codes.ONES[row.code] ?? 0) >> index) & 1);
  if (row.files > 0) {
    found[codes.FILES_AT[row.code] ?? 0] = row.files;
    found[codes.BYTES_AT[row.code] ?? 0] = row.bytes;
  }
  return found;
}

function packedDays(all: readonly (readonly [number, readonly (readonly [number, Row])[]])[]): Uint8Array {
  const packer = new RecordPacker();
  for (const [day, ofDay] of all) {
    packer.day(day, ofDay.length);
    pack(packer, ofDay);
  }
  return packer.take();
}

describe("packed holdings", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(rows, (packed) => {
        const packer = new RecordPacker();
        pack(packer, packed);
        const found: object[] = [];
        unpackRecordRows(packer.take(), (key, values) => found.push([key, [...values]]));
        expect(found).toEqual(packed.map(([key, row]) => [key, expanded(row)]));
      }),
    );
  });

  it("come back day by day, also before 1970", () => {
    fc.assert(
      fc.property(days, (packed) => {
        const found: object[] = [];
        unpackRecordDays(packedDays(packed), (day, key, values) => found.push([day, key, [...values]]));
        expect(found).toEqual(packed.flatMap(([day, ofDay]) => ofDay.map(([key, row]) => [day, key, expanded(row)])));
      }),
    );
  });

  it("are scanned for chosen counters as whole rows have them", () => {
    const picks = fc.uniqueArray(fc.integer({ min: 0, max: codes.COUNTERS - 1 }), { maxLength: codes.COUNTERS });
    fc.assert(
      fc.property(rows, picks, (packed, chosen) => {
        const packer = new RecordPacker();
        pack(packer, packed);
        const found: number[][] = [];
        const scan = new RecordScan(chosen);
        scan.rows(packer.take(), (key) => found.push([key, ...scan.values]));
        expect(found).toEqual(packed.map(([key, row]) => [key, ...chosen.map((pick) => expanded(row)[pick])]));
      }),
    );
  });

  it("are scanned for the days of a range", () => {
    const limits = fc.tuple(fc.integer({ min: -700_000, max: 100_000 }), fc.nat(300_000));
    fc.assert(
      fc.property(days, limits, (packed, [from, length]) => {
        const range = { from, to: from + length };
        const found: number[][] = [];
        const scan = new RecordScan([1, 10]);
        scan.days(packedDays(packed), range, (day, key) => found.push([day, key, ...scan.values]));
        const inside = packed.filter(([day]) => day >= range.from && day <= range.to);
        expect(found).toEqual(
          inside.flatMap(([day, ofDay]) =>
            ofDay.map(([key, row]) => [day, key, expanded(row)[1] ?? 0, expanded(row)[10] ?? 0]),
          ),
        );
      }),
    );
  });

  it("are the same from counters whose bits are known", () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), counters, (key, all) => {
        const packer = new RecordPacker();
        packer.row(key, all);
        const expected = packer.take();
        const places = Float64Array.from(all);
        const bits = all.reduce((mask, value, index) => (value === 0 ? mask : mask | (1 << index)), 0);
        packer.sum(key, bits, places);
        expect(packer.take()).toEqual(expected);
        expect(places.every((place) => place === 0)).toBe(true);
      }),
    );
  });

  it("stand one behind the other, each readable alone", () => {
    const packer = new RecordPacker();
    packer.day(19_000, 1);
    packer.change(5, codes.ALL.add, 0, 0);
    const year = packer.cut();
    packer.change(5, codes.FILES.add, 2, 300);
    const sums = packer.cut();
    const all = packer.take();
    const found: object[] = [];
    unpackRecordDays(all.subarray(year.from, year.to), (day, key) => found.push([day, key]));
    unpackRecordRows(all.subarray(sums.from, sums.to), (key, values) => found.push([key, values[10], values[12]]));
    expect(found).toEqual([
      [19_000, 5],
      [5, 2, 300],
    ]);
    expect(packer.take()).toHaveLength(0);
  });

  it("throw when a blob is cut inside a row", () => {
    const packer = new RecordPacker();
    packer.change(70_000, codes.ALL.remove, 300, 2 ** 40);
    const listed = RECORD_COUNTERS.map((_, index) => index * 1000);
    for (const whole of [packer.take(), (packer.row(70_000, listed), packer.take())]) {
      for (let length = 1; length < whole.length; length++) {
        const cut = whole.subarray(0, length);
        expect(() => unpackRecordRows(cut, () => undefined)).toThrow(RangeError);
        for (const chosen of [[2], []])
          expect(() => new RecordScan(chosen).rows(cut, () => undefined)).toThrow(RangeError);
      }
    }
  });

  it("throw at a head that no version wrote", () => {
    const unknown = Uint8Array.of(1, 2 * codes.CODES);
    expect(() => unpackRecordRows(unknown, () => undefined)).toThrow(/head 56/);
    expect(() => new RecordScan([0]).rows(unknown, () => undefined)).toThrow(/head 56/);
  });
});

/** Codes are stored: what one of them stands for must never change. */
const STORED: readonly (readonly [string, number, readonly RecordCounter[], "filesAdded" | "filesRemoved"])[] = [
  ["all", 1, ["recordsAddedMetadataOnly", "parentsAddedMetadataOnly", "worksAdded"], "filesAdded"],
  ["all", 2, ["recordsAddedWithFiles", "parentsAddedWithFiles", "worksAdded"], "filesAdded"],
  ["all", 3, ["recordsRemovedMetadataOnly", "parentsRemovedMetadataOnly", "worksRemoved"], "filesRemoved"],
  ["all", 4, ["recordsRemovedWithFiles", "parentsRemovedWithFiles", "worksRemoved"], "filesRemoved"],
  ["record", 5, ["recordsAddedMetadataOnly"], "filesAdded"],
  ["record", 6, ["recordsAddedWithFiles"], "filesAdded"],
  ["record", 7, ["recordsRemovedMetadataOnly"], "filesRemoved"],
  ["record", 8, ["recordsRemovedWithFiles"], "filesRemoved"],
  ["record and parent", 9, ["recordsAddedMetadataOnly", "parentsAddedMetadataOnly"], "filesAdded"],
  ["record and parent", 10, ["recordsAddedWithFiles", "parentsAddedWithFiles"], "filesAdded"],
  ["record and parent", 11, ["recordsRemovedMetadataOnly", "parentsRemovedMetadataOnly"], "filesRemoved"],
  ["record and parent", 12, ["recordsRemovedWithFiles", "parentsRemovedWithFiles"], "filesRemoved"],
  ["parent and work", 13, ["parentsAddedMetadataOnly", "worksAdded"], "filesAdded"],
  ["parent and work", 14, ["parentsAddedWithFiles", "worksAdded"], "filesAdded"],
  ["parent and work", 15, ["parentsRemovedMetadataOnly", "worksRemoved"], "filesRemoved"],
  ["parent and work", 16, ["parentsRemovedWithFiles", "worksRemoved"], "filesRemoved"],
  ["parent", 17, ["parentsAddedMetadataOnly"], "filesAdded"],
  ["parent", 18, ["parentsAddedWithFiles"], "filesAdded"],
  ["parent", 19, ["parentsRemovedMetadataOnly"], "filesRemoved"],
  ["parent", 20, ["parentsRemovedWithFiles"], "filesRemoved"],
  ["work", 21, ["worksAdded"], "filesAdded"],
  ["work", 22, ["worksRemoved"], "filesRemoved"],
  ["files", 23, [], "filesAdded"],
  ["files", 24, [], "filesRemoved"],
  ["uploader", 25, ["uploaders"], "filesAdded"],
  ["uploader gained", 26, ["uploadersGained"], "filesAdded"],
  ["uploader lost", 27, ["uploadersLost"], "filesRemoved"],
];

describe("codes of changes", () => {
  it.each(STORED)("keep their meaning: %s, %i", (_, code, ones, files) => {
    const names = RECORD_COUNTERS.filter((__, index) => (((codes.ONES[code] ?? 0) >> index) & 1) === 1);
    expect(names).toEqual(ones);
    expect(RECORD_COUNTERS[codes.FILES_AT[code] ?? 0]).toBe(files);
    expect(RECORD_COUNTERS[codes.BYTES_AT[code] ?? 0]).toBe(files.replace("files", "bytes"));
  });

  it("are all listed here", () => {
    expect(STORED).toHaveLength(codes.CODES - 1);
  });
});
