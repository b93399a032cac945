import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { type CounterTable, STRIDE } from "./kernel-counters.ts";
import { RadixOrder } from "./kernel-numbering.ts";
import { RecordUsePacker } from "./packing.ts";
import { UsageWriter } from "./usage-writer.ts";

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

/** Packs the groups of one scope after the other. */
export class DayPacking {
  readonly #rows = new UsageWriter();
  #scope: number[] = [];
  #breakdown: number[] = [];
  #start: number[] = [];

  begin(): void {
    this.#rows.take();
    this.#scope = [];
    this.#breakdown = [];
    this.#start = [];
  }

  /** Packs what was marked, ascending by value, and sets it back to zero; `bases` as in `ValueLists`. Scopes must ascend. */
  addScope(scope: number, table: CounterTable, bases: Int32Array): void {
    let breakdown = 0;
    let base = 0;
    let end = 0;
    for (const offset of table.takeMarked()) {
      const value = offset / STRIDE;
      if (value >= end) {
        while (value >= (bases[breakdown + 1] ?? 0)) breakdown++;
        base = bases[breakdown] ?? 0;
        end = bases[breakdown + 1] ?? 0;
        this.#scope.push(scope);
        this.#breakdown.push(breakdown);
        this.#start.push(this.#rows.length);
        this.#rows.restart();
      }
      this.#rows.row(value - base, table, offset);
    }
  }

  take(): PackedDay {
    const data = this.#rows.take();
    return {
      scope: Int32Array.from(this.#scope),
      breakdown: Int32Array.from(this.#breakdown),
      start: Int32Array.from([...this.#start, data.length]),
      data,
    };
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
  const positions = new Int32Array(use.count);
  for (let position = 0; position < use.count; position++) positions[position] = position;
  const bySet = order.sort(positions, use.count, set).slice(0, use.count);
  const sorted = order.sort(bySet, use.count, record);
  const packer = new RecordUsePacker(USAGE_WIDTH);
  for (let index = 0; index < use.count; index++) {
    const row = sorted[index] ?? 0;
    packer.row(record[row] ?? 0, set[row] ?? 0, use.counters, row * USAGE_WIDTH);
  }
  return packer.take();
}
