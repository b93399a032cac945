import type { EChartsCoreOption } from "echarts/core";
import type { TimeRows } from "../select/time-rows.ts";
import type { Palette } from "./palette.ts";
import { shapeSeries } from "./shape-series.ts";
import { mayLeaveZero, scaleFor, timeTicks, type Scale, type TimeTick } from "./ticks.ts";
import { timeGeometry, type TimeGeometry } from "./time-geometry.ts";
import { drawnValues, timeShapes, type Draw, type TimeScene } from "./time-shapes.ts";

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
  /** Shortened where there is little room. */
  valueLabel(value: number, short: boolean): string;
  timeLabel(tick: TimeTick): string;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

const NARROW_PX = 480;
const CHAR_PX = 6.8;
const LABEL_ROOM_PX = 150;
const LAST_LABEL_PX = 26;

/** Whether the value axis begins at zero, and where else. */
function valueScale(drawing: TimeDrawing, width: number): Scale {
  const compared = (drawing.compare ?? []).filter((value) => value !== null);
  const values = [...drawnValues(drawing.rows, drawing.draw), ...compared];
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
  const widest = Math.max(...scale.ticks.map((tick) => drawing.valueLabel(tick, size.width < NARROW_PX).length));
  const labelled = hasEndLabels(drawing, size.width);
  const longest = Math.max(0, ...drawing.names.map((name) => name.length));
  const right = labelled ? Math.min(LABEL_ROOM_PX, longest * CHAR_PX + 16) : 8;
  const box = { ...size, left: Math.ceil(widest * CHAR_PX) + 12, right };
  return { scale, geometry: timeGeometry(box, drawing.rows, scale) };
}

function hasEndLabels(drawing: TimeDrawing, width: number): boolean {
  return drawing.draw === "line" && drawing.rows.series.length > 1 && width >= NARROW_PX;
}

export function timeOption(drawing: TimeDrawing, size: PlotSize, palette: Palette): EChartsCoreOption {
  const { geometry, scale } = timePlot(drawing, size);
  const { granularity, from, to } = drawing.rows;
  const ticks = timeTicks({ from, to, granularity, width: geometry.right - geometry.left }).filter(
    ({ at }) => geometry.x(at) < geometry.right - LAST_LABEL_PX,
  );
  const shapes = timeShapes({
    ...drawing,
    geometry,
    palette,
    endLabels: hasEndLabels(drawing, size.width),
    names: drawing.names.map((name) => clipped(name, LABEL_ROOM_PX / CHAR_PX - 2)),
  });
  return {
    animation: false,
    textStyle: { fontFamily: palette.font },
    grid: {
      left: geometry.left,
      right: size.width - geometry.right,
      top: geometry.top,
      bottom: size.height - geometry.bottom,
      containLabel: false,
      outerBoundsMode: "none",
    },
    xAxis: xAxis({ geometry, ticks, palette, label: drawing.timeLabel }),
    yAxis: yAxis(scale, palette, (value) => drawing.valueLabel(value, size.width < NARROW_PX)),
    series: [shapeSeries(shapes, palette)],
  };
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.floor(most))}…` : text;
}

interface XAxis {
  readonly geometry: TimeGeometry;
  readonly ticks: readonly TimeTick[];
  readonly palette: Palette;
  label(tick: TimeTick): string;
}

function xAxis({ geometry, ticks, palette, label }: XAxis): object {
  const at = ticks.map((tick) => tick.at);
  const labels = new Map(ticks.map((tick) => [tick.at, label(tick)]));
  return {
    type: "value",
    min: geometry.firstDay,
    max: geometry.endDay,
    axisLine: { show: true, onZero: true, lineStyle: { color: palette.axis, width: 1 } },
    axisTick: { show: true, customValues: at, length: 5, lineStyle: { color: palette.axis } },
    axisLabel: {
      customValues: at,
      align: "left",
      margin: 8,
      padding: [0, 0, 0, 2],
      color: palette.ink3,
      fontSize: 12,
      hideOverlap: false,
      showMinLabel: true,
      showMaxLabel: true,
      formatter: (value: number) => labels.get(value) ?? "",
    },
    splitLine: { show: false },
  };
}

function yAxis(scale: Scale, palette: Palette, label: (value: number) => string): object {
  const step = (scale.ticks[1] ?? scale.max) - scale.min;
  return {
    type: "value",
    min: scale.min,
    max: scale.max,
    interval: step,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: palette.ink3, fontSize: 12, margin: 8, formatter: label },
    splitLine: { show: true, lineStyle: { color: palette.grid, width: 1 } },
  };
}
