import { bufferOf, offsetOf, WindowPacker } from "../../engine/window-packing.ts";
import type { RollupPart } from "../../engine/rollup-store.ts";
import type { BulkWrite } from "./bulk.ts";
import { numberField, type Hit } from "./hits.ts";
import type { FoundUse } from "./valid-use.ts";
import { windowColumn } from "./window-columns.ts";
import type { DayWrite } from "./year-manifests.ts";

export interface Taking {
  /** Those that are counted here. */
  readonly days: ReadonlyMap<number, DayWrite>;
  /** Columns as they are called there and here. */
  readonly fields: readonly (readonly [there: string, here: string])[];
  readonly mark: number;
}

/** Columns of a document of another generation, for its days that are valid there and counted here: one document for each write of theirs. */
export function takenDocuments(
  document: Hit,
  { daysOf }: FoundUse,
  { days, fields, mark }: Taking,
): readonly BulkWrite[] {
  const scope = numberField(document, "scope");
  const taken = new Map<DayWrite["write"], TakenDays>();
  for (const [there, here] of fields) {
    const ofWrite = Map.groupBy(daysOf(document, there), ({ period }) => days.get(period)?.write);
    for (const [write, parts] of ofWrite) {
      const slot = days.get(parts[0]?.period ?? 0)?.slot;
      if (write === undefined || slot === undefined) continue;
      const its = taken.get(write) ?? { slot, periods: new Set<number>(), columns: {} };
      taken.set(write, its);
      its.columns[here] = windowColumn(packed(parts));
      for (const { period } of parts) its.periods.add(period);
    }
  }
  return Array.from(taken, ([write, { slot, periods, columns }]): BulkWrite => {
    const period = [...periods].toSorted((a, b) => a - b);
    const id = `usage/${period[0] ?? 0}/${scope}/${slot}/${mark}`;
    return { action: "index", id, source: { t: "usage", scope, period, w: write, ...columns } };
  });
}

interface TakenDays {
  readonly slot: number;
  readonly periods: Set<number>;
  readonly columns: Record<string, string>;
}

function packed(parts: readonly RollupPart[]): Uint8Array {
  const packer = new WindowPacker();
  packer.begin();
  for (const { period, data } of parts) packer.add(offsetOf(period), bufferOf(data), { start: 0, end: data.length });
  return packer.packed;
}
