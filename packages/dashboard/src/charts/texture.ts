import type { Slot } from "../select/slots.ts";
import type { Palette } from "./palette.ts";

/** A pattern that repeats: a path of strokes, or dots. */
export interface Weave {
  readonly size: readonly [width: number, height: number];
  /** In degrees. */
  readonly rotation?: number;
  readonly path?: string;
  readonly dots?: readonly (readonly [x: number, y: number, radius: number])[];
}

/** One per slot, in drawings and in the swatches beside them. */
export const WEAVES: ReadonlyMap<Slot, Weave> = new Map<Slot, Weave>([
  [1, { size: [8, 8], rotation: 22, path: "M0 0V8" }],
  [2, { size: [5, 5], rotation: 45, path: "M0 0V5" }],
  [3, { size: [6, 6], path: "M0 3H6" }],
  [4, { size: [5, 5], dots: [[2.5, 2.5, 1]] }],
  [5, { size: [6, 6], rotation: -45, path: "M0 0V6" }],
  [6, { size: [6, 6], rotation: 45, path: "M0 0V6M0 0H6" }],
  [7, { size: [5, 5], path: "M2.5 0V5" }],
  [8, { size: [6, 6], rotation: 20, path: "M0 0V6" }],
  [9, { size: [6, 6], path: "M0 3H6M3 0V6" }],
  [
    10,
    {
      size: [7, 7],
      dots: [
        [2, 2, 1],
        [5.5, 5.5, 1],
      ],
    },
  ],
  [11, { size: [8, 4], path: "M0 4 4 0 8 4" }],
  [12, { size: [4, 4], path: "M0 2H4" }],
  ["other", { size: [4, 4], rotation: 45, dots: [[2, 2, 0.85]] }],
]);

export const HATCH: Weave = { size: [6, 6], rotation: 45, path: "M0 0V6" };

/** How wide the strokes of a weave are. */
export const WEAVE_STROKE = 1.6;

/** A weave in its colours. */
export interface Texture {
  readonly weave: Weave;
  readonly ground: string;
  readonly ink: string;
}

/**
 * What fills the parts of a slot. Even slots and the neutral one carry a texture always, the others where colour alone does not do; the
 * first stays plain.
 */
export function fillOf(slot: Slot, palette: Palette): string | Texture {
  const ground = colorOf(slot, palette);
  const plain = slot === 1 || (slot !== "other" && slot % 2 === 1 && !palette.allTextures);
  const weave = plain ? undefined : WEAVES.get(slot);
  return weave === undefined ? ground : { weave, ground, ink: palette.weave };
}

export function hatchOf(palette: Palette): Texture {
  return { weave: HATCH, ground: palette.hatchGround, ink: palette.hatch };
}

export function colorOf(slot: Slot, palette: Palette): string {
  return slot === "other" ? palette.other : (palette.series[slot - 1] ?? palette.other);
}
