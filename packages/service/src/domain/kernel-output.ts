import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { grownInt32 } from "./int-arrays.ts";
import { readGroup, STRIDE } from "./kernel-counters.ts";
import type { Groups } from "./kernel-groups.ts";
import { RadixOrder } from "./kernel-numbering.ts";
import { RecordUsePacker, RowPacker } from "./packing.ts";

/** Width of a row of use. */
export const USAGE_WIDTH = USAGE_COUNTERS.length;

/**
 * One day's counts, packed: blob `n` holds the rows of (scope, breakdown) ascending by value code, as
 * `data.subarray(start[n], start[n + 1])`. Breakdown 0 is the totals (one row, key 0), the others follow the order of the dims.
 */
export interface PackedDay {
  readonly scope: Int32Array;
  readonly breakdown: Int32Array;
  readonly start: Int32Array;
  readonly data: Uint8Array;
}

/** Packs what a day touched, in the order of scope, breakdown, value. */
export class DayPacking {
  readonly #order = new RadixOrder();
  readonly #rows = new RowPacker(USAGE_WIDTH);
  readonly #counters = new Float64Array(USAGE_WIDTH);
  #positions = new Int32Array(0);

  pack(groups: Groups): PackedDay {
    const count = groups.table.touchedCount;
    const order = this.#sorted(groups, count);
    const blobs = { scope: [] as number[], breakdown: [] as number[], start: [] as number[] };
    let scope = -1;
    let breakdown = -1;
    let base = 0;
    let end = 0;
    for (let index = 0; index < count; index++) {
      const group = order[index] ?? 0;
      const value = groups.value[group] ?? 0;
      if (groups.scope[group] !== scope || value >= end) {
        if (groups.scope[group] !== scope) breakdown = 0;
        scope = groups.scope[group] ?? 0;
        while (value >= (groups.bases[breakdown + 1] ?? 0)) breakdown++;
        base = groups.bases[breakdown] ?? 0;
        end = groups.bases[breakdown + 1] ?? 0;
        blobs.scope.push(scope);
        blobs.breakdown.push(breakdown);
        blobs.start.push(this.#rows.writer.length);
        this.#rows.restart();
      }
      readGroup(groups.table, group * STRIDE, this.#counters);
      this.#rows.row(value - base, this.#counters);
    }
    const data = this.#rows.take();
    return {
      scope: Int32Array.from(blobs.scope),
      breakdown: Int32Array.from(blobs.breakdown),
      start: Int32Array.from([...blobs.start, data.length]),
      data,
    };
  }

  #sorted(groups: Groups, count: number): Int32Array {
    this.#positions = grownInt32(this.#positions, count);
    for (let index = 0; index < count; index++) this.#positions[index] = (groups.table.touched[index] ?? 0) / STRIDE;
    const byValue = this.#order.sort(this.#positions, count, groups.value).slice(0, count);
    return this.#order.sort(byValue, count, groups.scope);
  }
}

/** Use per (record, community set) of one day, with counters in rows of `USAGE_WIDTH`. */
export interface RecordUse {
  readonly count: number;
  /** FactStore codes. */
  readonly record: Int32Array;
  /** Numbers of the kernel's `ScopeSets`. */
  readonly set: Int32Array;
  readonly counters: Float64Array;
}

/** Packs them ascending by the store's codes for record and set. */
export function packRecordUse(use: RecordUse, recordCode: Int32Array, setCode: Int32Array): Uint8Array {
  const record = Int32Array.from(use.record, (code) => recordCode[code] ?? 0);
  const set = Int32Array.from(use.set, (number) => setCode[number] ?? 0);
  const order = new RadixOrder();
  const positions = Int32Array.from({ length: use.count }, (_, position) => position);
  const bySet = order.sort(positions, use.count, set).slice(0, use.count);
  const sorted = order.sort(bySet, use.count, record);
  const packer = new RecordUsePacker(USAGE_WIDTH);
  for (let index = 0; index < use.count; index++) {
    const row = sorted[index] ?? 0;
    packer.row(record[row] ?? 0, set[row] ?? 0, use.counters.subarray(row * USAGE_WIDTH, (row + 1) * USAGE_WIDTH));
  }
  return packer.take();
}
