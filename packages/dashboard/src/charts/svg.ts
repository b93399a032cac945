import type { Shape, ShapeStyle, TextStyle } from "./shapes.ts";
import { WEAVE_STROKE, type Texture } from "./texture.ts";

/** Everything that a drawing is made of, from back to front. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  /** Made while they are read, which can be done once and in pieces. */
  readonly shapes: Iterable<Shape>;
}

/**
 * The picture as a document of its own.
 * @param prefix of the ids in it, which must be those of no other drawing of the page.
 */
export function svgOf({ width, height, font, shapes }: Picture, prefix: string): string {
  const patterns = new Patterns(prefix);
  const parts = Array.from(shapes, (shape) => (shape.kind === "path" ? pathOf(shape, patterns) : textOf(shape)));
  // Time runs from left to right in every language.
  const frame = attributes({ width, height, viewBox: `0 0 ${width} ${height}`, direction: "ltr", "font-family": font });
  return `<svg xmlns="http://www.w3.org/2000/svg"${frame}>${patterns.text()}${parts.join("")}</svg>`;
}

/** The textures of a drawing, each defined once. */
class Patterns {
  readonly #prefix: string;
  readonly #ids = new Map<string, string>();
  readonly #texts: string[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  paint(fill: string | Texture | undefined): string {
    if (fill === undefined) return "none";
    if (typeof fill === "string") return fill;
    const key = JSON.stringify(fill);
    const id = this.#ids.get(key) ?? this.#define(fill);
    this.#ids.set(key, id);
    return `url(#${id})`;
  }

  #define({ weave, ground, ink }: Texture): string {
    const id = `${this.#prefix}-${this.#ids.size + 1}`;
    const [width, height] = weave.size;
    const turn = weave.rotation === undefined ? {} : { patternTransform: `rotate(${weave.rotation})` };
    const strokes =
      weave.path === undefined
        ? ""
        : tag("path", { d: weave.path, stroke: ink, "stroke-width": WEAVE_STROKE, fill: "none" });
    const dots = (weave.dots ?? []).map(([cx, cy, r]) => tag("circle", { cx, cy, r, fill: ink })).join("");
    const frame = attributes({ id, width, height, patternUnits: "userSpaceOnUse", ...turn });
    this.#texts.push(`<pattern${frame}>${tag("rect", { width, height, fill: ground })}${strokes}${dots}</pattern>`);
    return id;
  }

  text(): string {
    return this.#texts.length === 0 ? "" : `<defs>${this.#texts.join("")}</defs>`;
  }
}

function pathOf({ path, style }: { readonly path: string; readonly style: ShapeStyle }, patterns: Patterns): string {
  const { fill, stroke, lineWidth, lineDash = [], opacity } = style;
  return tag("path", {
    d: path,
    fill: patterns.paint(fill),
    ...(stroke === undefined ? {} : { stroke, "stroke-width": lineWidth ?? 1, "stroke-linejoin": "round" }),
    ...(lineDash.length === 0 ? {} : { "stroke-dasharray": lineDash.join(" ") }),
    ...(opacity === undefined ? {} : { opacity }),
  });
}

const ANCHORS = { left: "start", center: "middle", right: "end" } as const;

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
}

/** `dy` instead of a baseline: not every program that opens such files knows the latter. */
function textOf({ x, y, text, style }: Label): string {
  const frame = attributes({
    x: Math.round(x * 10) / 10,
    y: Math.round(y * 10) / 10,
    dy: ".35em",
    fill: style.color,
    "font-size": style.size,
    "text-anchor": ANCHORS[style.align],
    ...(style.bold ? { "font-weight": 600 } : {}),
  });
  return `<text${frame}>${escaped(text)}</text>`;
}

function tag(name: string, values: Readonly<Record<string, string | number>>): string {
  return `<${name}${attributes(values)}/>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? value : escaped(value)}"`)
    .join("");
}

const CHARACTERS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => CHARACTERS[character] ?? character);
}
