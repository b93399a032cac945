import type { Palette } from "./palette.ts";
import { pathShape, type Shape, type TextStyle } from "./shapes.ts";
import type { Scale, TimeTick } from "./ticks.ts";
import type { TimeGeometry } from "./time-geometry.ts";

export interface Axes {
  readonly geometry: TimeGeometry;
  readonly scale: Scale;
  readonly ticks: readonly TimeTick[];
  readonly palette: Palette;
  valueLabel(value: number): string;
  timeLabel(tick: TimeTick): string;
}

const SIZE = 12;
const MARGIN = 8;
const TICK_PX = 5;
/** From a tick to its label. */
const LABEL_GAP = 2;
/** From the middle of a label to the axis. */
const LABEL_DROP = 14;

/** Hairlines at the values, the line of zero, ticks at the times, and what they are called. */
export function axisShapes(axes: Axes): readonly Shape[] {
  return [...grid(axes), ...zeroLine(axes), ...valueLabels(axes), ...timeLabels(axes)];
}

/** On the middle of a pixel a hairline is sharp. */
function sharp(place: number): number {
  return Math.round(place) + 0.5;
}

function grid({ geometry, scale, palette }: Axes): readonly Shape[] {
  const lines = scale.ticks.map((tick) => `M${geometry.left} ${sharp(geometry.y(tick))}H${geometry.right}`);
  return pathShape(lines.join(""), { stroke: palette.grid, lineWidth: 1 });
}

function zeroLine({ geometry, scale, ticks, palette }: Axes): readonly Shape[] {
  const zero = sharp(geometry.y(Math.max(0, scale.min)));
  const bottom = sharp(geometry.bottom);
  const marks = ticks.map((tick) => `M${sharp(placeOf(geometry, tick))} ${bottom}v${TICK_PX}`);
  const lines = [`M${geometry.left} ${zero}H${geometry.right}`, ...marks];
  return pathShape(lines.join(""), { stroke: palette.axis, lineWidth: 1 });
}

function valueLabels({ geometry, scale, palette, valueLabel }: Axes): readonly Shape[] {
  const style: TextStyle = { color: palette.ink3, size: SIZE, bold: false, align: "right" };
  return scale.ticks.map((tick) => ({
    kind: "text",
    x: geometry.left - MARGIN,
    y: geometry.y(tick),
    text: valueLabel(tick),
    style,
  }));
}

/** Where a time begins; of a single period, whose column is in the middle, there. */
function placeOf({ extents, x }: TimeGeometry, { at }: TimeTick): number {
  const [first, second] = extents;
  return first !== undefined && second === undefined ? first.middle : x(at);
}

/** A label begins where its time begins. */
function timeLabels({ geometry, ticks, palette, timeLabel }: Axes): readonly Shape[] {
  const alone = geometry.extents.length === 1;
  const style: TextStyle = { color: palette.ink3, size: SIZE, bold: false, align: alone ? "center" : "left" };
  return ticks.map((tick) => ({
    kind: "text",
    x: placeOf(geometry, tick) + (alone ? 0 : LABEL_GAP),
    y: geometry.bottom + LABEL_DROP,
    text: timeLabel(tick),
    style,
  }));
}
