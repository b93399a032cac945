import type { TimeSeries } from "../select/time-rows.ts";
import type { Palette } from "./palette.ts";
import { addRect, pathShape, rectPath, standAt, type Shape, type Stand } from "./shapes.ts";
import { fillOf } from "./texture.ts";
import { DIMMED, stackAt, type TimeScene } from "./time-scene.ts";

interface Column {
  readonly x: number;
  readonly width: number;
  /** Of the rectangles in it, one of each series. */
  readonly stand: Stand;
  /** The period that is drawn in it. */
  readonly index: number;
}

/** Narrower columns could not be told from each other. */
const LEAST_COLUMN_PX = 2;

/** A wider one would be a surface, not a column. */
const WIDEST_COLUMN_PX = 120;

/**
 * Periods too narrow to be seen share a column, in which the one that reaches farthest is drawn: it would hide the others anyway. The
 * unfinished one is never hidden.
 */
function columnsOf({ rows, geometry }: TimeScene): readonly Column[] {
  const columns: Column[] = [];
  const { extents } = geometry;
  for (let from = 0; from < extents.length;) {
    const start = extents[from]?.start ?? 0;
    let [to, index, farthest] = [from, from, -1];
    for (; to < extents.length; to += 1) {
      const room = (extents[to]?.end ?? 0) - start;
      if (to > from && (room > LEAST_COLUMN_PX || rows.periods[to]?.state === "open")) break;
      const { above, below } = stackAt(rows, to);
      const reach = Math.max(above, -below);
      if (reach > farthest) [index, farthest] = [to, reach];
    }
    columns.push(columnIn({ start, end: extents[to - 1]?.end ?? start, index }));
    from = to;
  }
  return columns;
}

function columnIn({
  start,
  end,
  index,
}: {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}): Column {
  const room = end - start;
  const gap = room < LEAST_COLUMN_PX ? 0 : Math.max(room - WIDEST_COLUMN_PX, Math.min(6, Math.max(1, room * 0.1)));
  const [x, width] = [start + gap / 2, room - gap];
  return { x, width, stand: standAt(x, width), index };
}

export function* barShapes(scene: TimeScene): Iterable<Shape> {
  const { rows, geometry, palette } = scene;
  const columns = columnsOf(scene);
  const above = columns.map(() => 0);
  const below = columns.map(() => 0);
  for (const [order, series] of rows.series.entries()) {
    const paths: Record<"complete" | "open" | "negative", string[]> = { complete: [], open: [], negative: [] };
    for (const [place, column] of columns.entries()) {
      const value = series.values[column.index] ?? null;
      if (value === null || value === 0) continue;
      const base = value > 0 ? above : below;
      const from = base[place] ?? 0;
      base[place] = from + value;
      const open = rows.periods[column.index]?.state === "open";
      const parts = paths[open ? "open" : value < 0 && rows.series.length === 1 ? "negative" : "complete"];
      addRect(parts, column.stand, stacked(geometry.y(from), geometry.y(from + value), order === 0));
    }
    yield* filled(paths, series, palette);
  }
  yield* openEdges(scene, columns, above);
}

/** Top and height. Parts of a stack stand one pixel apart. */
function stacked(start: number, end: number, first: boolean): readonly [y: number, height: number] {
  const height = Math.abs(start - end);
  return [Math.min(start, end), first || height < 1.5 ? height : height - 1];
}

function filled(
  paths: Readonly<Record<"complete" | "open" | "negative", readonly string[]>>,
  series: TimeSeries,
  palette: Palette,
): readonly Shape[] {
  const fill = fillOf(series.slot, palette);
  return [
    ...pathShape(paths.complete.join(""), { fill }),
    ...pathShape(paths.open.join(""), { fill, opacity: DIMMED }),
    ...pathShape(paths.negative.join(""), { fill: fillOf(2, palette) }),
  ];
}

function openEdges(
  { rows, geometry, palette }: TimeScene,
  columns: readonly Column[],
  above: readonly number[],
): readonly Shape[] {
  const path = columns
    .map((column, place) => {
      const top = above[place] ?? 0;
      if (rows.periods[column.index]?.state !== "open" || top <= 0) return "";
      const y = geometry.y(top);
      return rectPath(column.x + 0.5, y, { width: Math.max(0, column.width - 1), height: geometry.y(0) - y });
    })
    .join("");
  return pathShape(path, { stroke: palette.ink2, lineWidth: 1, lineDash: [3, 2] });
}
