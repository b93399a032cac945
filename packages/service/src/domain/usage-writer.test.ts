import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { BYTES_AT, COUNTERS, CounterTable, STRIDE, VISITORS } from "./kernel-counters.ts";
import { RowPacker } from "./packing.ts";
import { UsageWriter } from "./usage-writer.ts";

const WIDTH = USAGE_COUNTERS.length;
const count = fc.oneof(fc.constant(0), fc.nat(300), fc.nat(2 ** 31 - 1));
const row = fc.record({
  step: fc.nat(100_000),
  counts: fc.array(count, { minLength: COUNTERS, maxLength: COUNTERS }),
  bytes: fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat()),
});

it("writes the same bytes as the packer of rows", () => {
  fc.assert(
    fc.property(fc.array(fc.array(row)), (sequences) => {
      const writer = new UsageWriter();
      const packer = new RowPacker(WIDTH);
      for (const rows of sequences) {
        writer.restart();
        packer.restart();
        let key = 0;
        let isZero = true;
        for (const { step, counts, bytes } of rows) {
          key += step;
          const table = new CounterTable();
          table.ints.set(counts, STRIDE);
          table.floats[STRIDE / 2 + BYTES_AT] = bytes;
          writer.row(key, table, STRIDE);
          isZero &&= !table.ints.some((word) => word !== 0);
          packer.row(key, [...counts.slice(0, COUNTERS - 1), bytes, counts[VISITORS.either] ?? 0]);
        }
        expect(isZero).toBe(true);
        expect(writer.length).toBe(packer.writer.length);
      }
      expect(writer.take()).toEqual(packer.take());
    }),
  );
});

it("grows with what is written", () => {
  const writer = new UsageWriter();
  const table = new CounterTable();
  for (let key = 0; key < 40_000; key++) {
    table.ints.fill(2_000_000_000, 0, COUNTERS);
    writer.row(key, table, 0);
  }
  expect(writer.take()).toHaveLength(40_000 * (1 + 2 + 5 * COUNTERS));
});
