import type { DayNumber } from "@community-stats/contract/days.ts";
import { SeriesWalk } from "../../engine/series-walk.ts";
import type { DayOfUse, UsageBatch } from "../../engine/rollup-store.ts";
import { bufferOf, firstOfWindow, offsetOf, WindowPacker } from "../../engine/window-packing.ts";
import type { BulkWrite } from "./bulk.ts";
import { ColumnBundle } from "./column-bundle.ts";
import { breakdownField } from "./templates.ts";
import { documentColumns, windowColumn } from "./window-columns.ts";
import { yearOfDayNumber } from "./year-manifests.ts";

/** Days of more bytes than this together are several documents: a request must hold one, whatever the cluster allows. */
const MOST_BYTES = 4 << 20;

export interface DocumentsPlace {
  readonly write: number;
  readonly slotOf: (day: DayNumber) => number;
}

/** Days of one window and year that stand in the same place. */
export function groupOf(day: DayNumber): string {
  return `${yearOfDayNumber(day)} ${firstOfWindow(day)}`;
}

/** For each window and scope a document with the days that it has there, and one for the use of single records. */
export function* useDocuments(batch: UsageBatch, { write, slotOf }: DocumentsPlace): Generator<BulkWrite> {
  const days = batch.days.toSorted((a, b) => a.day - b.day);
  const groups = Map.groupBy(days, ({ day }) => `${groupOf(day)} ${slotOf(day)}`);
  for (const group of groups.values()) {
    for (const some of bearable(group)) {
      const [first] = some;
      if (first === undefined) continue;
      const at: GroupPlace = { first: first.day, slot: slotOf(first.day), write };
      yield* documentsOfScopes(some, batch, at);
      yield* documentOfRecords(some, batch, at);
    }
  }
}

interface GroupPlace {
  readonly first: number;
  readonly slot: number;
  readonly write: number;
}

function* bearable(days: readonly DayOfUse[]): Generator<readonly DayOfUse[]> {
  let some: DayOfUse[] = [];
  let bytes = 0;
  for (const day of days) {
    const its = day.data.length + day.records.length;
    if (some.length > 0 && bytes + its > MOST_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(day);
    bytes += its;
  }
  if (some.length > 0) yield some;
}

function* documentsOfScopes(days: readonly DayOfUse[], batch: UsageBatch, at: GroupPlace): Generator<BulkWrite> {
  const walk = new SeriesWalk(days);
  const bundle = new ColumnBundle();
  let scope = 0;
  let offsets = 0;
  while (walk.next()) {
    if (walk.scope !== scope && offsets !== 0) {
      yield documentOf({ t: "usage", scope, offsets, columns: documentColumns(bundle) }, at);
      bundle.begin();
      offsets = 0;
    }
    scope = walk.scope;
    bundle.add(breakdownField(batch.breakdowns[walk.breakdown] ?? ""), walk.packed);
    offsets |= walk.offsets;
  }
  if (offsets !== 0) yield documentOf({ t: "usage", scope, offsets, columns: documentColumns(bundle) }, at);
}

function* documentOfRecords(days: readonly DayOfUse[], batch: UsageBatch, at: GroupPlace): Generator<BulkWrite> {
  const packer = new WindowPacker();
  packer.begin();
  let offsets = 0;
  for (const { day, records } of days) {
    if (records.length === 0) continue;
    packer.add(offsetOf(day), bufferOf(records), { start: 0, end: records.length });
    offsets |= 1 << offsetOf(day);
  }
  if (offsets === 0) return;
  const columns = { data: windowColumn(packer.packed) };
  yield documentOf({ t: "usage-records", scope: batch.globalScope, offsets, columns }, at);
}

interface DocumentOfScope {
  readonly t: "usage" | "usage-records";
  readonly scope: number;
  /** A bit for each day that it has. */
  readonly offsets: number;
  readonly columns: Readonly<Record<string, string>>;
}

function documentOf({ t, scope, offsets, columns }: DocumentOfScope, { first, slot, write }: GroupPlace): BulkWrite {
  const id = `${t}/${first}/${scope}/${slot}`;
  const source = { t, scope, period: daysOf(first, offsets), w: write, ...columns };
  return { action: "index", id, version: write, source };
}

/** @param day any day of the window. */
function daysOf(day: number, offsets: number): readonly number[] {
  const days: number[] = [];
  for (let left = offsets; left !== 0; left &= left - 1) {
    days.push(firstOfWindow(day) + 31 - Math.clz32(left & -left));
  }
  return days;
}
