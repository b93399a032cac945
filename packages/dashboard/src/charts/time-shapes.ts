import type { TimeRows, TimeSeries } from "../select/time-rows.ts";
import type { Palette } from "./palette.ts";
import {
  areaPath,
  linePath,
  markerOf,
  markerPath,
  pushedApart,
  rectPath,
  runs,
  type Point,
  type Shape,
} from "./shapes.ts";
import { colorOf, decalOf, hatchDecal } from "./texture.ts";
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

/** Everything inside the axes, from back to front. */
export function timeShapes(scene: TimeScene): readonly Shape[] {
  const body = scene.draw === "bar" ? barShapes(scene) : scene.draw === "area" ? areaShapes(scene) : lineShapes(scene);
  return [...gapShapes(scene), ...body, ...compareShapes(scene), ...peakShapes(scene), ...gapLabels(scene)];
}

/** Highest value that is drawn, per period: the stack or the highest line. */
export function drawnValues(rows: TimeRows, draw: Draw): readonly number[] {
  const all = rows.series.flatMap(({ values }) => values.filter((value) => value !== null));
  if (draw === "line" || rows.series.length < 2) return all;
  return rows.periods.flatMap((_, index) => {
    const values = rows.series.map((series) => series.values[index] ?? 0);
    const sum = (sign: 1 | -1): number =>
      values.reduce((total, value) => (value * sign > 0 ? total + value : total), 0);
    return [sum(1), sum(-1)];
  });
}

interface Column {
  readonly x: number;
  readonly width: number;
}

function columnsOf({ rows, geometry }: TimeScene): readonly Column[] {
  return rows.periods.map((period) => {
    const { start, end } = geometry.edges(period);
    const room = end - start;
    const gap = room < 2 ? 0 : Math.min(6, Math.max(1, room * 0.1));
    return { x: start + gap / 2, width: room - gap };
  });
}

const DIMMED = 0.5;

function barShapes(scene: TimeScene): readonly Shape[] {
  const { rows, geometry, palette } = scene;
  const columns = columnsOf(scene);
  const above = rows.periods.map(() => 0);
  const below = rows.periods.map(() => 0);
  const shapes: Shape[] = [];
  for (const [order, series] of rows.series.entries()) {
    const paths = { complete: "", open: "", negative: "" };
    for (const [index, column] of columns.entries()) {
      const value = series.values[index] ?? null;
      if (value === null || value === 0) continue;
      const base = value > 0 ? above : below;
      const from = base[index] ?? 0;
      base[index] = from + value;
      const rect = stackedRect({ geometry, column, from, to: from + value, first: order === 0 });
      const kind =
        rows.periods[index]?.state === "open"
          ? "open"
          : value < 0 && rows.series.length === 1
            ? "negative"
            : "complete";
      paths[kind] += rect;
    }
    shapes.push(...filled(paths, series, palette));
  }
  return [...shapes, ...openEdges(scene, columns, above)];
}

interface StackedRect {
  readonly geometry: TimeGeometry;
  readonly column: Column;
  readonly from: number;
  readonly to: number;
  readonly first: boolean;
}

/** Parts of a stack stand one pixel apart. */
function stackedRect({ geometry, column, from, to, first }: StackedRect): string {
  const top = Math.min(geometry.y(from), geometry.y(to));
  const height = Math.abs(geometry.y(from) - geometry.y(to));
  const gap = first || height < 1.5 ? 0 : 1;
  return rectPath(column.x, top, { width: column.width, height: height - gap });
}

function filled(
  paths: { readonly complete: string; readonly open: string; readonly negative: string },
  series: TimeSeries,
  palette: Palette,
): readonly Shape[] {
  const decal = decalOf(series.slot, palette);
  const style = { fill: colorOf(series.slot, palette), ...(decal === null ? {} : { decal }) };
  const negative = decalOf(2, palette);
  return [
    ...pathShape(paths.complete, style),
    ...pathShape(paths.open, { ...style, opacity: DIMMED }),
    ...pathShape(paths.negative, { fill: colorOf(2, palette), ...(negative === null ? {} : { decal: negative }) }),
  ];
}

function pathShape(path: string, style: Extract<Shape, { kind: "path" }>["style"]): readonly Shape[] {
  return path === "" ? [] : [{ kind: "path", path, style }];
}

function openEdges(
  { rows, geometry, palette }: TimeScene,
  columns: readonly Column[],
  above: readonly number[],
): readonly Shape[] {
  const path = columns
    .map((column, index) => {
      const top = above[index] ?? 0;
      if (rows.periods[index]?.state !== "open" || top <= 0) return "";
      const y = geometry.y(top);
      return rectPath(column.x + 0.5, y, { width: Math.max(0, column.width - 1), height: geometry.y(0) - y });
    })
    .join("");
  return pathShape(path, { stroke: palette.ink2, lineWidth: 1, lineDash: [3, 2] });
}

/** Points of a series, null where it is not known. */
function pointsOf(scene: TimeScene, values: readonly (number | null)[]): readonly (Point | null)[] {
  const { rows, geometry } = scene;
  return rows.periods.map((period, index) => {
    const value = values[index] ?? null;
    return value === null ? null : { x: geometry.middle(period), y: geometry.y(value) };
  });
}

function isOpenEnd(scene: TimeScene): boolean {
  return scene.rows.periods.at(-1)?.state === "open";
}

const MANY_POINTS = 40;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 4], [9, 3, 2, 3]];

function lineShapes(scene: TimeScene): readonly Shape[] {
  const { rows } = scene;
  const ends: { readonly point: Point; readonly index: number }[] = [];
  const shapes = rows.series.toReversed().flatMap((series) => {
    const index = rows.series.indexOf(series);
    const points = pointsOf(scene, series.values);
    const last = points.findLast((point) => point !== null);
    if (last !== undefined && last !== null) ends.push({ point: last, index });
    return oneLine({ scene, series, points, index });
  });
  return scene.endLabels ? [...shapes, ...endLabelShapes(scene, ends)] : shapes;
}

interface OneLine {
  readonly scene: TimeScene;
  readonly series: TimeSeries;
  readonly points: readonly (Point | null)[];
  readonly index: number;
  /** Whether its points have markers where there are few. */
  readonly marked?: boolean;
}

function oneLine({ scene, series, points, index, marked: hasMarkers = true }: OneLine): readonly Shape[] {
  const { palette, rows } = scene;
  const stroke = colorOf(series.slot, palette);
  const open = isOpenEnd(scene) && points.at(-1) !== null;
  const solid = open ? points.slice(0, -1) : points;
  const dash = palette.allTextures ? (DASHES[index % DASHES.length] ?? []) : [];
  const marker = markerOf(index);
  const marked = !hasMarkers || rows.periods.length > MANY_POINTS ? [] : solid.filter((point) => point !== null);
  const tail = open ? points.slice(-2).filter((point) => point !== null) : [];
  const end = tail.at(-1);
  return [
    ...runs(solid).flatMap((run) => pathShape(linePath(run), { stroke, lineWidth: 2, lineDash: dash })),
    ...pathShape(linePath(tail), { stroke, lineWidth: 2, lineDash: [2, 4] }),
    ...pathShape(marked.map((point) => markerPath(marker, point, 3)).join(""), {
      fill: stroke,
      stroke: palette.surface,
      lineWidth: 1,
    }),
    ...(open && end !== undefined
      ? pathShape(markerPath("dot", end, 3.2), { fill: palette.surface, stroke, lineWidth: 1.6 })
      : []),
  ];
}

const LABEL_GAP_PX = 16;

function endLabelShapes(
  scene: TimeScene,
  ends: readonly { readonly point: Point; readonly index: number }[],
): readonly Shape[] {
  const { geometry, palette, names } = scene;
  const ys = pushedApart(
    ends.map(({ point }) => point.y),
    LABEL_GAP_PX,
    geometry.bottom,
  );
  return ends.map(({ index }, place) => ({
    kind: "text",
    x: geometry.right + 8,
    y: ys[place] ?? 0,
    text: names[index] ?? "",
    style: { color: palette.ink, size: 12.5, bold: false, align: "left" },
  }));
}

/** A single series is a line above a pale ground; only stacks are filled. */
function washShapes(scene: TimeScene, series: TimeSeries): readonly Shape[] {
  const { geometry, palette } = scene;
  const points = pointsOf(scene, series.values);
  const ground = runs(points).flatMap((run) => {
    const path = areaPath(
      run,
      run.map(({ x }) => ({ x, y: geometry.y(0) })),
    );
    return pathShape(path, { fill: colorOf(series.slot, palette), opacity: WASH });
  });
  return [...ground, ...oneLine({ scene, series, points, index: 0, marked: false })];
}

const WASH = 0.13;

function areaShapes(scene: TimeScene): readonly Shape[] {
  const { rows, geometry, palette } = scene;
  const [only, ...others] = rows.series;
  if (only !== undefined && others.length === 0) return washShapes(scene, only);
  let lower: readonly number[] = rows.periods.map(() => 0);
  return rows.series.flatMap((series) => {
    const upper = lower.map((base, index) => base + (series.values[index] ?? 0));
    const known = rows.periods.map((period, index) =>
      (series.values[index] ?? null) === null && rows.totals[index] === null
        ? null
        : {
            high: { x: geometry.middle(period), y: geometry.y(upper[index] ?? 0) },
            low: { x: geometry.middle(period), y: geometry.y(lower[index] ?? 0) },
          },
    );
    lower = upper;
    const decal = decalOf(series.slot, palette);
    const style = {
      fill: colorOf(series.slot, palette),
      stroke: palette.surface,
      lineWidth: 1,
      ...(decal === null ? {} : { decal }),
    };
    const open = isOpenEnd(scene);
    const whole = open ? known.slice(0, -1) : known;
    const tail = open ? known.slice(-2).filter((pair) => pair !== null) : [];
    return [
      ...runs(whole).flatMap((run) => pathShape(area(run), style)),
      ...(tail.length === 2 ? pathShape(area(tail), { ...style, opacity: DIMMED }) : []),
    ];
  });
}

function area(run: readonly { readonly high: Point; readonly low: Point }[]): string {
  return areaPath(
    run.map(({ high }) => high),
    run.map(({ low }) => low),
  );
}

/** A period without numbers is hatched in full; one that is partly known, above what is known. */
function gapShapes(scene: TimeScene): readonly Shape[] {
  const { rows, geometry, palette } = scene;
  const path = rows.periods
    .map((period, index) => {
      if (period.state !== "missing" && period.state !== "partial") return "";
      const known = period.state === "partial" && scene.draw !== "line" ? Math.max(0, rows.totals[index] ?? 0) : 0;
      const { start, end } = geometry.edges(period);
      const bottom = geometry.y(known) - (known > 0 ? 1 : 0);
      return rectPath(start, geometry.top, { width: end - start, height: Math.max(0, bottom - geometry.top) });
    })
    .join("");
  return pathShape(path, { fill: palette.hatchGround, decal: hatchDecal(palette) });
}

function gapLabels({ gaps, geometry, palette, rows }: TimeScene): readonly Shape[] {
  return gaps.flatMap(({ first, last, text }) => {
    const from = rows.periods[first];
    const to = rows.periods[last];
    if (from === undefined || to === undefined) return [];
    const x = (geometry.edges(from).start + geometry.edges(to).end) / 2;
    const half = text.length * 3.2;
    const inside = Math.min(Math.max(x, geometry.left + half), geometry.right - half);
    return [
      {
        kind: "text",
        x: inside,
        y: geometry.top - 9,
        text,
        style: { color: palette.ink2, size: 12, bold: false, align: "center" },
      } satisfies Shape,
    ];
  });
}

function compareShapes(scene: TimeScene): readonly Shape[] {
  if (scene.compare === null) return [];
  const { palette } = scene;
  return runs(pointsOf(scene, scene.compare)).flatMap((run) => [
    ...pathShape(linePath(run), { stroke: palette.surface, lineWidth: 3.6, opacity: 0.8 }),
    ...pathShape(linePath(run), { stroke: palette.compare, lineWidth: 1.6, lineDash: [4, 3] }),
  ]);
}

function peakShapes({ peak, rows, geometry, palette, draw }: TimeScene): readonly Shape[] {
  const period = peak === null ? undefined : rows.periods[peak.index];
  if (peak === null || period === undefined) return [];
  const value =
    draw === "line"
      ? Math.max(...rows.series.map(({ values }) => values[peak.index] ?? 0))
      : (rows.totals[peak.index] ?? 0);
  const half = peak.text.length * 3.6;
  const x = Math.min(Math.max(geometry.middle(period), geometry.left + half), geometry.right - half);
  return [
    {
      kind: "text",
      x,
      y: Math.max(geometry.y(value) - 10, 6),
      text: peak.text,
      style: { color: palette.ink, size: 12, bold: true, align: "center" },
    },
  ];
}
