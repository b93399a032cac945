import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { RowPacker } from "../../src/domain/packing.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { RollupBlob } from "../../src/engine/rollup-store.ts";
import { day } from "../counted-world.ts";
import { usageBatch } from "../usage-batch.ts";

export const YEAR = { start_date: "2024-01-01", end_date: "2024-12-30" } as const;
const DAYS = 365;
/** Wire metrics of use: each value of each day has a point of each. */
const METRICS = 10;

/** Fills an engine with one year of use whose countries category has that many points. */
export async function writeManyPoints(engine: Engine, points: number): Promise<void> {
  const { rollups } = engine;
  const generation = await rollups.createGeneration("rules-1", JSON.stringify({ breakdowns: DEFAULT_BREAKDOWNS }));
  await rollups.activate(generation.id, null);
  const [scope = -1] = await rollups.intern("scope", ["global"]);
  const names = Array.from({ length: Math.ceil(points / DAYS / METRICS) }, (_, index) => `value ${index}`);
  const values = [...(await rollups.intern("value:countries", names))].toSorted((a, b) => a - b);
  const first = day(YEAR.start_date);
  for (let index = 0; index < DAYS; index++) {
    const number = (first + index) as DayNumber;
    const blob = (breakdown: string, keys: readonly number[]): RollupBlob => ({
      kind: "usage",
      scope,
      breakdown,
      period: number,
      data: packed(keys, index),
    });
    const counted = [{ day: number, eventVersion: 1, recordSeq: 1 }];
    await rollups.replaceUsageDays(generation.id, usageBatch(counted, [blob("", [0]), blob("countries", values)]));
  }
  await rollups.replaceFirstDays(generation.id, "usage", [{ kind: "usage", scope, day: first }]);
  const last = day(YEAR.end_date);
  const updatedAt = Date.parse("2025-01-01T00:00:00Z");
  await rollups.setProgress(generation.id, { through: last, counted: last, recordSeq: 1, failedScopes: [], updatedAt });
}

function packed(keys: readonly number[], dayIndex: number): Uint8Array {
  const packer = new RowPacker(USAGE_COUNTERS.length);
  for (const key of keys)
    packer.row(
      key,
      USAGE_COUNTERS.map((_, index) => 1 + ((key * 31 + dayIndex * 7 + index) % 1000)),
    );
  return packer.take();
}
