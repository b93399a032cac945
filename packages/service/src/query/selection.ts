import { compareCodePoints } from "../domain/code-points.ts";
import type { ColumnsContext } from "./columns-context.ts";
import { foldTable } from "./fold.ts";
import type { Table } from "./table.ts";

/** Which values of a breakdown become series of their own, and what becomes of the others. */
export interface ChosenValues {
  /** In the order of the answer. Slot -1 for a value that was asked for and has no numbers. */
  readonly shown: readonly { readonly id: string; readonly slot: number }[];
  /** Values with numbers that are folded into "other". */
  readonly others: readonly number[];
  /** What states no value; -1 if it has no numbers. */
  readonly notStated: number;
  readonly valueCount: number;
}

/** The values asked for, else the first `top` by the first metric, ties by id (T10). */
export function chooseValues(context: ColumnsContext, table: Table, texts: readonly string[]): ChosenValues {
  const { first, active } = rangeNumbers(context, table);
  const idOf = (slot: number) => texts[table.codes[slot] ?? -1] ?? "";
  const slots = [...active.keys()].filter((slot) => active[slot] === 1);
  const stated = slots.filter((slot) => idOf(slot) !== "");
  const ranked = stated.toSorted((a, b) => (first[b] ?? 0) - (first[a] ?? 0) || compareCodePoints(idOf(a), idOf(b)));
  const bySlot = new Map(stated.map((slot) => [idOf(slot), slot]));
  const wanted = context.plan.values?.map((id) => ({ id, slot: bySlot.get(id) ?? -1 }));
  const shown = wanted ?? ranked.slice(0, context.plan.top).map((slot) => ({ id: idOf(slot), slot }));
  const taken = new Set(shown.map(({ slot }) => slot));
  return {
    shown,
    others: ranked.filter((slot) => !taken.has(slot)),
    notStated: slots.find((slot) => idOf(slot) === "") ?? -1,
    valueCount: stated.length,
  };
}

/** Per slot: the first metric over the whole range, and whether any asked metric was ever other than zero. */
function rangeNumbers(context: ColumnsContext, table: Table): { first: Float64Array; active: Uint8Array } {
  const { metrics } = context;
  const slots = table.codes.length;
  const everySlot = { targets: Int32Array.from({ length: slots }, (_, slot) => slot), count: slots };
  const whole = foldTable({ ...context, axis: { periods: [], knownDays: [] } }, table, everySlot).numbers;
  const first = new Float64Array(slots);
  const active = new Uint8Array(slots);
  for (let slot = 0; slot < slots; slot++) {
    first[slot] = whole[slot * metrics.length] ?? 0;
    for (let index = 0; index < metrics.length; index++)
      if (whole[slot * metrics.length + index] !== 0) active[slot] = 1;
  }
  markRows(context, table, active);
  return { first, active };
}

/** A value whose changes cancel out was active all the same. */
function markRows({ metrics }: ColumnsContext, table: Table, active: Uint8Array): void {
  for (let row = 0; row < table.count; row++) {
    const slot = table.slots[row] ?? 0;
    if (active[slot] === 1) continue;
    const touches = (position: number) => table.numbers[row * table.width + position] !== 0;
    if (metrics.some(({ plus, minus }) => plus.some(touches) || minus.some(touches))) active[slot] = 1;
  }
}
