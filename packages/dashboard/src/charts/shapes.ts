import type { Texture } from "./texture.ts";

/** One thing to draw, in pixels of the plot's element. */
export type Shape =
  | { readonly kind: "path"; readonly path: string; readonly style: ShapeStyle }
  | { readonly kind: "text"; readonly x: number; readonly y: number; readonly text: string; readonly style: TextStyle };

export interface ShapeStyle {
  readonly fill?: string | Texture;
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly lineDash?: readonly number[];
  readonly opacity?: number;
}

export interface TextStyle {
  readonly color: string;
  readonly size: number;
  readonly bold: boolean;
  readonly align: "left" | "center" | "right";
}

/** A path with its style; nothing where there is no path. */
export function pathShape(path: string, style: ShapeStyle): readonly Shape[] {
  return path === "" ? [] : [{ kind: "path", path, style }];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function rectPath(x: number, y: number, size: { readonly width: number; readonly height: number }): string {
  return rectPathIn(x, size.width)(y, size.height);
}

/** Paths of rectangles that stand above each other. What they share is written once: a chart can have ten thousand of them. */
export function rectPathIn(x: number, width: number): (y: number, height: number) => string {
  const [start, across, end] = [`M${round(x)} `, `h${round(width)}v`, `h${round(-width)}z`];
  return (y, height) => start + round(y) + across + round(height) + end;
}

export function linePath(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
}

export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  return `${linePath([...upper, ...lower.toReversed()])}z`;
}

export type Marker = "dot" | "square" | "triangle" | "diamond";
const MARKERS: readonly Marker[] = ["dot", "square", "triangle", "diamond"];

export function markerOf(index: number): Marker {
  return MARKERS[index % MARKERS.length] ?? "dot";
}

export function markerPath(marker: Marker, { x, y }: Point, r: number): string {
  switch (marker) {
    case "dot":
      return `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case "square":
      return rectPath(x - r, y - r, { width: 2 * r, height: 2 * r });
    case "triangle":
      return `M${round(x)} ${round(y - r)}L${round(x + r)} ${round(y + r)}L${round(x - r)} ${round(y + r)}z`;
    case "diamond":
      return `M${round(x)} ${round(y - r)}L${round(x + r)} ${round(y)}L${round(x)} ${round(y + r)}L${round(x - r)} ${round(y)}z`;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Breaks a row of points wherever one is missing. */
export function runs<T>(items: readonly (T | null)[]): readonly (readonly T[])[] {
  const found: T[][] = [[]];
  for (const item of items) {
    if (item === null) found.push([]);
    else found.at(-1)?.push(item);
  }
  return found.filter((run) => run.length > 0);
}

/**
 * The same line with fewer points: of those that lie in one pixel column, the first, the last, the highest and the lowest are kept, which
 * cover what all of them would. Points must not go back.
 */
export function thinned(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (let from = 0; from < points.length;) {
    const to = endOfPixel(points, from);
    if (to - from <= 4) kept.push(...points.slice(from, to));
    else kept.push(...outermost(points.slice(from, to)));
    from = to;
  }
  return kept;
}

function endOfPixel(points: readonly Point[], from: number): number {
  const pixel = Math.floor(points[from]?.x ?? 0);
  let to = from + 1;
  while (to < points.length && Math.floor(points[to]?.x ?? 0) === pixel) to += 1;
  return to;
}

function outermost(points: readonly Point[]): readonly Point[] {
  let [highest, lowest] = [0, 0];
  for (const [index, { y }] of points.entries()) {
    if (y < (points[highest]?.y ?? 0)) highest = index;
    if (y > (points[lowest]?.y ?? 0)) lowest = index;
  }
  const places = new Set([0, Math.min(highest, lowest), Math.max(highest, lowest), points.length - 1]);
  return points.filter((_, index) => places.has(index));
}

/** Moves labels apart that stand closer than `gap`, keeping their order and staying above `bottom`. */
export function pushedApart(wanted: readonly number[], gap: number, bottom: number): readonly number[] {
  const order = wanted.map((_, index) => index).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let above = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    above = Math.max(wanted[index] ?? 0, above + gap);
    placed[index] = above;
  }
  let below = bottom;
  for (const index of order.toReversed()) {
    below = Math.min(placed[index] ?? 0, below);
    placed[index] = below;
    below -= gap;
  }
  return placed;
}
