import type { Slot } from "../select/slots.ts";
import type { Palette } from "./palette.ts";
import type { Shape } from "./shapes.ts";
import type { Picture } from "./svg.ts";
import { fillOf } from "./texture.ts";

export interface Slice {
  readonly value: number;
  readonly slot: Slot;
}

export interface Donut {
  readonly slices: readonly Slice[];
  readonly total: string;
  readonly unit: string;
}

const THICKNESS = 0.42;

/** A ring, largest first from twelve o'clock, with the total in its middle. */
export function donutPicture(donut: Donut, size: number, palette: Palette): Picture {
  const sum = donut.slices.reduce((total, { value }) => total + value, 0);
  const middle = size / 2;
  let angle = -Math.PI / 2;
  const slices = donut.slices.map(({ value, slot }): Shape => {
    const turn = sum === 0 ? 0 : (value / sum) * 2 * Math.PI;
    const path = slicePath({ middle, radius: middle - 2, from: angle, to: angle + Math.min(turn, 2 * Math.PI - 1e-4) });
    angle += turn;
    return { kind: "path", path, style: { fill: fillOf(slot, palette), stroke: palette.surface, lineWidth: 2 } };
  });
  const label = (text: string, y: number, big: boolean): Shape => ({
    kind: "text",
    x: middle,
    y,
    text,
    style: { color: big ? palette.ink : palette.ink2, size: big ? 24 : 12, bold: big, align: "center" },
  });
  return {
    width: size,
    height: size,
    font: palette.font,
    shapes: [...slices, label(donut.total, middle - 7, true), label(donut.unit, middle + 15, false)],
  };
}

interface SlicePath {
  readonly middle: number;
  readonly radius: number;
  readonly from: number;
  readonly to: number;
}

function slicePath({ middle, radius, from, to }: SlicePath): string {
  const inner = radius * (1 - THICKNESS);
  const large = to - from > Math.PI ? 1 : 0;
  const at = (angle: number, r: number): string =>
    `${(middle + r * Math.cos(angle)).toFixed(2)} ${(middle + r * Math.sin(angle)).toFixed(2)}`;
  return (
    `M${at(from, radius)}A${radius} ${radius} 0 ${large} 1 ${at(to, radius)}` +
    `L${at(to, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}z`
  );
}
