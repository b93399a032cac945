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

/** What rectangles that stand above each other share, as text. */
export interface Stand {
  readonly start: string;
  readonly across: string;
  readonly end: string;
}

export function standAt(x: number, width: number): Stand {
  return { start: `M${tenths(x)} `, across: `h${tenths(width)}v`, end: `h${tenths(-width)}z` };
}

/** Adds a rectangle to the parts of a path. Ten thousand of them joined at once leave much less behind than as many texts. */
export function addRect(parts: string[], { start, across, end }: Stand, [y, height]: readonly [number, number]): void {
  parts.push(start, tenths(y), across, tenths(height), end);
}

export function rectPath(x: number, y: number, size: { readonly width: number; readonly height: number }): string {
  const parts: string[] = [];
  addRect(parts, standAt(x, size.width), [y, size.height]);
  return parts.join("");
}

export function linePath(points: readonly Point[]): string {
  const parts: string[] = [];
  for (const { x, y } of points) parts.push(parts.length === 0 ? "M" : "L", tenths(x), " ", tenths(y));
  return parts.join("");
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
      return `M${tenths(x - r)} ${tenths(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case "square":
      return rectPath(x - r, y - r, { width: 2 * r, height: 2 * r });
    case "triangle":
      return `M${tenths(x)} ${tenths(y - r)}L${tenths(x + r)} ${tenths(y + r)}L${tenths(x - r)} ${tenths(y + r)}z`;
    case "diamond":
      return `M${tenths(x)} ${tenths(y - r)}L${tenths(x + r)} ${tenths(y)}L${tenths(x)} ${tenths(y + r)}L${tenths(x - r)} ${tenths(y)}z`;
  }
}

const TENTHS = new Map<number, string>();

/** A place to a tenth of a pixel. Most come again and again, and finding one is faster than writing it. */
function tenths(value: number): string {
  const number = Math.round(value * 10);
  let text = TENTHS.get(number);
  if (text === undefined) {
    text = String(number / 10);
    TENTHS.set(number, text);
  }
  return text;
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
