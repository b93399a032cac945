import type { Slot } from "../select/slots.ts";
import type { Palette } from "./palette.ts";

/** A texture as ECharts draws it over a colour. */
export interface Decal {
  readonly symbol: "rect" | "circle" | "triangle";
  readonly symbolSize: number;
  readonly dashArrayX: readonly number[] | readonly (readonly number[])[];
  readonly dashArrayY: readonly number[];
  readonly rotation: number;
  readonly color: string;
}

type Weave = Omit<Decal, "color">;

const stripes = (gap: number, rotation: number): Weave => ({
  symbol: "rect",
  symbolSize: 1,
  dashArrayX: [1, 0],
  dashArrayY: [1.6, gap - 1.6],
  rotation,
});
const dots = (size: number, gap: number, shifted: boolean): Weave => ({
  symbol: "circle",
  symbolSize: 1,
  dashArrayX: shifted
    ? [
        [size, gap],
        [0, (size + gap) / 2, size, (gap - size) / 2],
      ]
    : [[size, gap]],
  dashArrayY: [size, gap],
  rotation: 0,
});
const EIGHTH = Math.PI / 4;

/** One weave per slot, as the swatches of ui/defs show them. */
const WEAVES: readonly Weave[] = [
  stripes(8, EIGHTH / 2),
  stripes(5, -EIGHTH),
  stripes(6, 0),
  dots(2, 3, false),
  stripes(6, EIGHTH),
  { symbol: "rect", symbolSize: 1, dashArrayX: [[4.4, 1.6]], dashArrayY: [4.4, 1.6], rotation: EIGHTH },
  stripes(5, 2 * EIGHTH),
  stripes(6, 2 * EIGHTH - 0.35),
  { symbol: "rect", symbolSize: 1, dashArrayX: [[4.4, 1.6]], dashArrayY: [4.4, 1.6], rotation: 0 },
  dots(2, 5, true),
  { symbol: "triangle", symbolSize: 1, dashArrayX: [[6, 2]], dashArrayY: [3, 2], rotation: 0 },
  stripes(4, 0),
];
const OTHER_WEAVE = { ...dots(1.7, 2.3, false), rotation: EIGHTH };

/** Even slots and the neutral one carry a texture always, the others where colour alone does not do; the first stays plain. */
export function decalOf(slot: Slot, palette: Palette): Decal | null {
  if (slot === "other") return { ...OTHER_WEAVE, color: palette.weave };
  const weave = WEAVES[slot - 1];
  const plain = slot === 1 || (slot % 2 === 1 && !palette.allTextures);
  if (weave === undefined || plain) return null;
  return { ...weave, color: palette.weave };
}

export function hatchDecal(palette: Palette): Decal {
  return { ...stripes(6, -EIGHTH), color: palette.hatch };
}

export function colorOf(slot: Slot, palette: Palette): string {
  return slot === "other" ? palette.other : (palette.series[slot - 1] ?? palette.other);
}
