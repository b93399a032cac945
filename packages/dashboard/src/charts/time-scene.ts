import type { TimeRows } from "../select/time-rows.ts";
import type { Palette } from "./palette.ts";
import type { TimeGeometry } from "./time-geometry.ts";

export type Draw = "bar" | "line" | "area";

export interface TimeScene {
  readonly rows: TimeRows;
  readonly draw: Draw;
  readonly geometry: TimeGeometry;
  readonly palette: Palette;
  readonly compare: readonly (number | null)[] | null;
  /** Label above the highest period. */
  readonly peak: { readonly index: number; readonly text: string } | null;
  /** Labels of runs of missing periods: index of the first and the last, and the words. */
  readonly gaps: readonly { readonly first: number; readonly last: number; readonly text: string }[];
  readonly names: readonly string[];
  /** Names at the ends of lines. */
  readonly endLabels: boolean;
}

/** What is not finished is drawn at this strength. */
export const DIMMED = 0.5;

/** The lowest and the highest value that is drawn: of the stacks, or of the lines. */
export function drawnExtremes(rows: TimeRows, draw: Draw): readonly [lowest: number, highest: number] {
  const stacked = draw !== "line" && rows.series.length > 1;
  const stacks = stacked ? Array.from(rows.periods.keys(), (index) => stackAt(rows, index)) : [];
  const values = stacked
    ? stacks.flatMap(({ above, below }) => [above, below])
    : rows.series.flatMap((series) => series.values.filter((value) => value !== null));
  // Not spread into one call: there can be more values than a call may have arguments.
  const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return lowest > highest ? [0, 0] : [lowest, highest];
}

/** How far a stack reaches to either side of zero. */
export function stackAt(rows: TimeRows, index: number): { readonly above: number; readonly below: number } {
  let [above, below] = [0, 0];
  for (const { values } of rows.series) {
    const value = values[index] ?? 0;
    if (value > 0) above += value;
    else below += value;
  }
  return { above, below };
}
