import type { TimeSeries } from "../select/time-rows.ts";
import {
  areaPath,
  linePath,
  markerOf,
  markerPath,
  pathShape,
  pushedApart,
  runs,
  thinned,
  type Point,
  type Shape,
} from "./shapes.ts";
import { colorOf, fillOf } from "./texture.ts";
import type { TimeGeometry } from "./time-geometry.ts";
import { DIMMED, type TimeScene } from "./time-scene.ts";

/** Points of a series, null where it is not known. */
export function pointsOf(scene: TimeScene, values: readonly (number | null)[]): readonly (Point | null)[] {
  const { rows, geometry } = scene;
  return rows.periods.map((_, index) => {
    const value = values[index] ?? null;
    return value === null ? null : { x: middleOf(geometry, index), y: geometry.y(value) };
  });
}

function middleOf({ extents }: TimeGeometry, index: number): number {
  return extents[index]?.middle ?? 0;
}

function isOpenEnd(scene: TimeScene): boolean {
  return scene.rows.periods.at(-1)?.state === "open";
}

const MANY_POINTS = 40;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 4], [9, 3, 2, 3]];

export function* lineShapes(scene: TimeScene): Iterable<Shape> {
  const { rows } = scene;
  const ends: { readonly point: Point; readonly index: number }[] = [];
  for (const series of rows.series.toReversed()) {
    const index = rows.series.indexOf(series);
    const points = pointsOf(scene, series.values);
    const last = points.findLast((point) => point !== null);
    if (last !== undefined && last !== null) ends.push({ point: last, index });
    yield* oneLine({ scene, series, points, index });
  }
  if (scene.endLabels) yield* endLabelShapes(scene, ends);
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
    ...runs(solid)
      .filter((run) => run.length > 1)
      .flatMap((run) => pathShape(linePath(thinned(run)), { stroke, lineWidth: 2, lineDash: dash })),
    // A point without neighbours makes no line.
    ...pathShape(
      lone(marked.length > 0 ? [] : solid)
        .map((point) => markerPath("dot", point, 3))
        .join(""),
      { fill: stroke },
    ),
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

function lone(points: readonly (Point | null)[]): readonly Point[] {
  return runs(points).flatMap((run) => (run.length === 1 ? run : []));
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
    const upper = thinned(run);
    const lower = [upper[0], upper.at(-1)].flatMap((end) =>
      end === undefined ? [] : [{ x: end.x, y: geometry.y(0) }],
    );
    const path = areaPath(upper, lower);
    return pathShape(path, { fill: colorOf(series.slot, palette), opacity: WASH });
  });
  return [...ground, ...oneLine({ scene, series, points, index: 0, marked: false })];
}

const WASH = 0.13;

export function* areaShapes(scene: TimeScene): Iterable<Shape> {
  const { rows } = scene;
  const [only, ...others] = rows.series;
  if (only !== undefined && others.length === 0) {
    yield* washShapes(scene, only);
    return;
  }
  let lower: readonly number[] = rows.periods.map(() => 0);
  for (const series of rows.series) {
    const upper = lower.map((base, index) => base + (series.values[index] ?? 0));
    yield* layerShapes(scene, series, { upper, lower });
    lower = upper;
  }
}

interface Layer {
  readonly upper: readonly number[];
  readonly lower: readonly number[];
}

/** One series of a stack of areas. */
function layerShapes(scene: TimeScene, series: TimeSeries, { upper, lower }: Layer): readonly Shape[] {
  const { rows, geometry, palette } = scene;
  const known = rows.periods.map((_, index) =>
    (series.values[index] ?? null) === null && rows.totals[index] === null
      ? null
      : {
          high: { x: middleOf(geometry, index), y: geometry.y(upper[index] ?? 0) },
          low: { x: middleOf(geometry, index), y: geometry.y(lower[index] ?? 0) },
        },
  );
  const style = { fill: fillOf(series.slot, palette), stroke: palette.surface, lineWidth: 1 };
  const open = isOpenEnd(scene);
  const whole = open ? known.slice(0, -1) : known;
  const tail = open ? known.slice(-2).filter((pair) => pair !== null) : [];
  return [
    ...runs(whole).flatMap((run) => pathShape(area(run), style)),
    ...(tail.length === 2 ? pathShape(area(tail), { ...style, opacity: DIMMED }) : []),
  ];
}

function area(run: readonly { readonly high: Point; readonly low: Point }[]): string {
  return areaPath(thinned(run.map(({ high }) => high)), thinned(run.map(({ low }) => low)));
}
