import { linePath, runs } from "./shapes.ts";

export interface Sparkline {
  readonly path: string;
  /** The last known point, or null without any. */
  readonly end: { readonly x: number; readonly y: number } | null;
}

export const SPARK = { width: 120, height: 36 } as const;
const INSET = 4;

/** A line in a box of 120 × 36 that breaks where a value is missing. */
export function sparkline(values: readonly (number | null)[]): Sparkline {
  const known = values.filter((value) => value !== null);
  const highest = Math.max(...known);
  const lowest = Math.min(0, ...known);
  if (known.length < 2 || highest === lowest) return { path: "", end: null };
  const points = values.map((value, index) =>
    value === null
      ? null
      : {
          x: INSET + (index / (values.length - 1)) * (SPARK.width - 2 * INSET),
          y: SPARK.height - INSET - ((value - lowest) / (highest - lowest)) * (SPARK.height - 2 * INSET),
        },
  );
  return { path: runs(points).map(linePath).join(""), end: points.findLast((point) => point !== null) ?? null };
}
