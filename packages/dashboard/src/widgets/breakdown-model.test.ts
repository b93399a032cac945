import type { ColumnSeries } from "@community-stats/contract/series.ts";
import { expect, it } from "vitest";
import type { BreakdownRow } from "../select/breakdown-rows.ts";
import { suitsRing } from "./breakdown-model.ts";

const row = (kind: ColumnSeries["kind"], value: number): BreakdownRow => ({
  key: `${kind}:${value}`,
  source: { kind, id: `${value}`, label: "", metrics: {}, totals: {} },
  value,
  share: null,
  size: 0,
});
const found = (...rows: readonly BreakdownRow[]) => ({
  found: { rows, whole: rows.reduce((sum, { value }) => sum + (value ?? 0), 0), valueCount: rows.length },
});

it.each([
  ["values alone", found(row("value", 60), row("value", 40)), true],
  ["a small rest", found(row("value", 70), row("other", 30)), true],
  ["a large rest", found(row("value", 69), row("other", 31)), false],
  ["more values than a ring names", found(...[16, 15, 14, 13, 6, 5, 4, 27].map((value) => row("value", value))), false],
  ["what states nothing, which is a slice of its own", found(row("value", 50), row("notStated", 50)), true],
  ["nothing at all", found(), false],
])("a ring is drawn first or not for %s", (_, model, expected) => {
  expect(suitsRing(model)).toBe(expected);
});
