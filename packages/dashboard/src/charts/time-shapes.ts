import { barShapes } from "./bar-shapes.ts";
import { areaShapes, lineShapes, pointsOf } from "./line-shapes.ts";
import { linePath, pathShape, rectPath, runs, thinned, type Shape } from "./shapes.ts";
import { hatchOf } from "./texture.ts";
import type { TimeScene } from "./time-scene.ts";

/** Everything inside the axes, from back to front. */
export function* timeShapes(scene: TimeScene): Iterable<Shape> {
  yield* gapShapes(scene);
  yield* scene.draw === "bar" ? barShapes(scene) : scene.draw === "area" ? areaShapes(scene) : lineShapes(scene);
  yield* compareShapes(scene);
  yield* peakShapes(scene);
  yield* gapLabels(scene);
}

/** A period without numbers is hatched in full; one that is partly known, above what is known. */
function gapShapes(scene: TimeScene): readonly Shape[] {
  const { rows, geometry, palette } = scene;
  const paths: string[] = [];
  for (let from = 0; from < rows.periods.length; from += 1) {
    const { state } = rows.periods[from] ?? {};
    if (state !== "missing" && state !== "partial") continue;
    const known = state === "partial" && scene.draw !== "line" ? Math.max(0, rows.totals[from] ?? 0) : 0;
    const { start = 0 } = geometry.extents[from] ?? {};
    // Of a long hole, one rectangle.
    if (state === "missing") while (rows.periods[from + 1]?.state === "missing") from += 1;
    const { end = start } = geometry.extents[from] ?? {};
    const bottom = geometry.y(known) - (known > 0 ? 1 : 0);
    paths.push(rectPath(start, geometry.top, { width: end - start, height: Math.max(0, bottom - geometry.top) }));
  }
  return pathShape(paths.join(""), { fill: hatchOf(palette) });
}

function gapLabels({ gaps, geometry, palette }: TimeScene): readonly Shape[] {
  return gaps.flatMap(({ first, last, text }) => {
    const from = geometry.extents[first];
    const to = geometry.extents[last];
    if (from === undefined || to === undefined) return [];
    const x = (from.start + to.end) / 2;
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
    ...pathShape(linePath(thinned(run)), { stroke: palette.surface, lineWidth: 3.6, opacity: 0.8 }),
    ...pathShape(linePath(thinned(run)), { stroke: palette.compare, lineWidth: 1.6, lineDash: [4, 3] }),
  ]);
}

function peakShapes({ peak, rows, geometry, palette, draw }: TimeScene): readonly Shape[] {
  const extent = peak === null ? undefined : geometry.extents[peak.index];
  if (peak === null || extent === undefined) return [];
  const value =
    draw === "line"
      ? Math.max(...rows.series.map(({ values }) => values[peak.index] ?? 0))
      : (rows.totals[peak.index] ?? 0);
  const half = peak.text.length * 3.6;
  const x = Math.min(Math.max(extent.middle, geometry.left + half), geometry.right - half);
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
