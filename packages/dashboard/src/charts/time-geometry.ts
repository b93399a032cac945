import { MS_PER_DAY } from "@community-stats/contract/days.ts";
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
  /** Of each period, cut by the range. */
  readonly extents: readonly Extent[];
  x(day: number): number;
  y(value: number): number;
}

/** First and last edge of a period, and what lies between. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly middle: number;
}

export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
}

const TOP = 22;
const BOTTOM = 26;

/** What is laid out along the axis. */
export interface Timeline {
  readonly from: string;
  readonly to: string;
  readonly periods: readonly Pick<Period, "from" | "to">[];
}

export function timeGeometry(box: PlotBox, timeline: Timeline, scale: Scale): TimeGeometry {
  const firstDay = numberOf(timeline.from);
  const endDay = numberOf(timeline.to) + 1;
  const left = box.left;
  const right = Math.max(left + 10, box.width - box.right);
  const bottom = box.height - BOTTOM;
  const x = (day: number): number => left + ((day - firstDay) / Math.max(1, endDay - firstDay)) * (right - left);
  const y = (value: number): number => bottom - ((value - scale.min) / (scale.max - scale.min)) * (bottom - TOP);
  // Once per period and not per series.
  const extents = timeline.periods.map((period): Extent => {
    const start = x(Math.max(firstDay, numberOf(period.from)));
    const end = x(Math.min(endDay, numberOf(period.to) + 1));
    return { start, end, middle: (start + end) / 2 };
  });
  return { left, right, top: TOP, bottom, firstDay, endDay, extents, x, y };
}

function numberOf(day: string): number {
  return Date.parse(day) / MS_PER_DAY;
}
