import { axisShapes } from "./axis-shapes.ts";
import type { TimeRows } from "../select/time-rows.ts";
import type { Palette } from "./palette.ts";
import type { Shape } from "./shapes.ts";
import type { Picture } from "./svg.ts";
import { mayLeaveZero, scaleFor, timeTicks, type Scale, type TimeTick } from "./ticks.ts";
import { fitted, textWidth } from "./text-width.ts";
import { timeGeometry, type TimeGeometry } from "./time-geometry.ts";
import { drawnExtremes, type Draw, type TimeScene } from "./time-scene.ts";
import { timeShapes } from "./time-shapes.ts";

export interface TimeDrawing {
  readonly rows: TimeRows;
  readonly draw: Draw;
  readonly compare: readonly (number | null)[] | null;
  readonly peak: TimeScene["peak"];
  readonly gaps: TimeScene["gaps"];
  readonly unit: "count" | "bytes";
  readonly binary: boolean;
  /** Names of the series, in their order. */
  readonly names: readonly string[];
  /** @param short where there is little room. */
  valueLabel(value: number, short: boolean): string;
  timeLabel(tick: TimeTick): string;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

const NARROW_PX = 480;
const AXIS_SIZE = 12;
const END_LABEL_SIZE = 12.5;
const LABEL_ROOM_PX = 150;
const END_LABEL_GAP_PX = 16;

/** Whether the value axis begins at zero, and where else. */
function valueScale(drawing: TimeDrawing, width: number): Scale {
  const compared = (drawing.compare ?? []).filter((value) => value !== null);
  const values = [...drawnExtremes(drawing.rows, drawing.draw), ...compared];
  const choice = {
    unit: drawing.unit,
    binary: drawing.binary,
    fromZero: drawing.draw !== "line" || !mayLeaveZero(values),
  };
  if (width >= NARROW_PX) return scaleFor(values, { ...choice, steps: 4 });
  const [few, more] = [scaleFor(values, { ...choice, steps: 2 }), scaleFor(values, { ...choice, steps: 3 })];
  return more.max < few.max * MUCH_ROOM ? more : few;
}

/** Three ticks, or four where three would leave a good part of the plot empty. */
const MUCH_ROOM = 0.8;

export function timePlot(
  drawing: TimeDrawing,
  size: PlotSize,
): { readonly geometry: TimeGeometry; readonly scale: Scale } {
  const scale = valueScale(drawing, size.width);
  const label = tickLabels(drawing, { scale, width: size.width });
  const widest = Math.max(...scale.ticks.map((tick) => textWidth(label(tick), AXIS_SIZE)));
  const labelled = hasEndLabels(drawing, size.width);
  const longest = Math.max(0, ...drawing.names.map((name) => textWidth(name, END_LABEL_SIZE)));
  const right = labelled ? Math.min(LABEL_ROOM_PX, longest + END_LABEL_GAP_PX) : 8;
  const box = { ...size, left: Math.ceil(widest) + 12, right };
  return { scale, geometry: timeGeometry(box, drawing.rows, scale) };
}

const LONG_VALUE = 10_000;

/** All values of an axis are written alike, and short only where they still differ from one another. */
function tickLabels(
  { valueLabel }: TimeDrawing,
  { scale, width }: { readonly scale: Scale; readonly width: number },
): (value: number) => string {
  const isShort = width < NARROW_PX || Math.max(scale.max, -scale.min) >= LONG_VALUE;
  const differ = new Set(scale.ticks.map((tick) => valueLabel(tick, true))).size === scale.ticks.length;
  return (value) => valueLabel(value, isShort && differ);
}

function hasEndLabels(drawing: TimeDrawing, width: number): boolean {
  return drawing.draw === "line" && drawing.rows.series.length > 1 && width >= NARROW_PX;
}

export function timePicture(drawing: TimeDrawing, size: PlotSize, palette: Palette): Picture {
  const { geometry, scale } = timePlot(drawing, size);
  const { granularity, from, to, periods } = drawing.rows;
  const week = granularity === "week" ? periods[0]?.from : undefined;
  // A label that the edge would cut off is left out.
  const ticks = timeTicks({ from, to, granularity, week, width: geometry.right - geometry.left }).filter(
    (tick) => geometry.x(tick.at) + textWidth(drawing.timeLabel(tick), AXIS_SIZE) < size.width,
  );
  const axes = axisShapes({
    geometry,
    scale,
    ticks,
    palette,
    valueLabel: tickLabels(drawing, { scale, width: size.width }),
    timeLabel: drawing.timeLabel,
  });
  const body = timeShapes({
    ...drawing,
    geometry,
    palette,
    endLabels: hasEndLabels(drawing, size.width),
    names: drawing.names.map((name) => fitted(name, END_LABEL_SIZE, LABEL_ROOM_PX - END_LABEL_GAP_PX)),
  });
  return { ...size, font: palette.font, shapes: behind(axes, body) };
}

function* behind(axes: Iterable<Shape>, body: Iterable<Shape>): Iterable<Shape> {
  yield* axes;
  yield* body;
}
