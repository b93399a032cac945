import { dayNumber, parseDay } from "@community-stats/contract/days.ts";
import type { Period } from "@community-stats/contract/series.ts";
import type { Scale } from "./ticks.ts";

/** Where a time chart has its plot, and how days and values become pixels. */
export interface TimeGeometry {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly firstDay: number;
  /** The day after the last. */
  readonly endDay: number;
  x(day: number): number;
  y(value: number): number;
  /** First and last edge of a period, cut by the range. */
  edges(period: Pick<Period, "from" | "to">): { readonly start: number; readonly end: number };
  middle(period: Pick<Period, "from" | "to">): number;
}

export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
}

const TOP = 22;
const BOTTOM = 26;

export function timeGeometry(
  box: PlotBox,
  range: { readonly from: string; readonly to: string },
  scale: Scale,
): TimeGeometry {
  const firstDay = numberOf(range.from);
  const endDay = numberOf(range.to) + 1;
  const left = box.left;
  const right = Math.max(left + 10, box.width - box.right);
  const bottom = box.height - BOTTOM;
  const x = (day: number): number => left + ((day - firstDay) / Math.max(1, endDay - firstDay)) * (right - left);
  const y = (value: number): number => bottom - ((value - scale.min) / (scale.max - scale.min)) * (bottom - TOP);
  const edges = (period: Pick<Period, "from" | "to">): { start: number; end: number } => ({
    start: x(Math.max(firstDay, numberOf(period.from))),
    end: x(Math.min(endDay, numberOf(period.to) + 1)),
  });
  const middle = (period: Pick<Period, "from" | "to">): number => {
    const { start, end } = edges(period);
    return (start + end) / 2;
  };
  return { left, right, top: TOP, bottom, firstDay, endDay, x, y, edges, middle };
}

function numberOf(day: string): number {
  const parsed = parseDay(day);
  return parsed === null ? 0 : dayNumber(parsed);
}
