import { dayNumber, type Day, type DayNumber } from "@community-stats/contract/days.ts";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { DayCounter, DayResult } from "../../src/aggregate/day-counter.ts";
import { writtenTogether } from "../../src/aggregate/planner.ts";
import { countUsage } from "../../src/aggregate/usage.ts";
import type { UsageBatch } from "../../src/engine/rollup-store.ts";
import { MemoryRollups } from "../../src/engines/memory/rollups.ts";

const NO_TABLES = { scope: new Int32Array(0), breakdown: new Int32Array(0), start: Int32Array.of(0) };
const FIRST = dayNumber("2024-01-01" as Day);

it("writes the days of a store's row together, whoever counted them and in whatever order", async () => {
  const days = Array.from({ length: 70 }, (_, index) => (FIRST + index) as DayNumber);
  const written = await writtenBy(days, { counters: 3, mayGoOn: () => true, result: counted });
  expect(written.flat().toSorted((a, b) => a - b)).toEqual(days);
  expect(written.map((batch) => new Set(batch.map((day) => day >> 5)).size)).toEqual([1, 1, 1]);
});

it("writes a batch although days of it failed", async () => {
  const days = Array.from({ length: 40 }, (_, index) => (FIRST + index) as DayNumber);
  const failing = FIRST + 3;
  const result = (day: DayNumber): DayResult =>
    day === failing ? { kind: "failed", day, error: "unreadable" } : counted(day);
  const written = await writtenBy(days, { counters: 1, mayGoOn: () => true, result });
  expect(written).toEqual([
    days.filter((day) => day >> 5 === FIRST >> 5 && day !== failing),
    days.filter((day) => day >> 5 > FIRST >> 5),
  ]);
});

it("writes what is there when it may not go on", async () => {
  const days = Array.from({ length: 30 }, (_, index) => (FIRST + index) as DayNumber);
  let asked = 0;
  const written = await writtenBy(days, { counters: 1, mayGoOn: () => asked++ < 2, result: counted });
  expect(written).toEqual([days.slice(0, 10)]);
});

it("cuts days at multiples of the size, into pieces of half the size to one and a half", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -500, max: 500 })), fc.integer({ min: 1, max: 40 }), (days, size) => {
      const pieces = writtenTogether(days as DayNumber[], size);
      expect(pieces.flat()).toEqual(days.toSorted((a, b) => a - b));
      for (const [index, piece] of pieces.entries()) {
        expect(piece.length).toBeLessThan(1.5 * size + 1);
        const next = pieces[index + 1]?.[0];
        if (next === undefined) continue;
        expect(2 * piece.length).toBeGreaterThanOrEqual(size);
        expect(Math.floor(next / size)).toBeGreaterThan(Math.floor((piece.at(-1) ?? 0) / size));
      }
    }),
  );
});

function counted(day: DayNumber): DayResult {
  return { kind: "counted", day, packed: { ...NO_TABLES, data: new Uint8Array(0) }, records: new Uint8Array(0) };
}

interface Situation {
  readonly counters: number;
  readonly mayGoOn: () => boolean;
  readonly result: (day: DayNumber) => DayResult;
}

class WatchedRollups extends MemoryRollups {
  /** Days of each transaction. */
  readonly written: number[][] = [];

  override async replaceUsageDays(generation: number, batch: UsageBatch): Promise<void> {
    await super.replaceUsageDays(generation, batch);
    this.written.push(batch.days.map(({ day }) => day));
  }
}

/** Days of each transaction. */
async function writtenBy(days: readonly DayNumber[], { counters, mayGoOn, result }: Situation): Promise<number[][]> {
  const rollups = new WatchedRollups();
  const { id: generation } = await rollups.createGeneration("1", "");
  await countUsage({
    rollups,
    generation,
    days,
    countedWith: (day) => ({ day, eventVersion: 1, recordSeq: 1 }),
    counters: Array.from({ length: counters }, () => counterOf(result)),
    names: { globalScope: 0, breakdowns: [] },
    batchDays: 32,
    mayGoOn,
    written: () => Promise.resolve(),
  });
  return rollups.written;
}

function counterOf(result: (day: DayNumber) => DayResult): DayCounter {
  return {
    atOnce: 1,
    async *count(days) {
      for (const day of days) yield result(day);
    },
    close: () => Promise.resolve(),
  };
}
