import type { SwatchKind } from "./Swatch.tsx";
import type { Stretch } from "./use-stretch.ts";

export interface TipRow {
  readonly key: string;
  readonly swatch: SwatchKind | null;
  readonly name: string;
  readonly value: string;
  /** Of the whole of this place. */
  readonly share?: string;
  readonly sum?: boolean;
}

/** What can be read at the places of a chart. */
export interface Reading {
  readonly label: string;
  readonly count: number;
  /** How many places a large step is. */
  readonly stride: number;
  readonly seriesCount: number;
  /** Horizontal place in pixels: its middle, and its ends. */
  x(index: number): number;
  ends(index: number): { readonly start: number; readonly end: number };
  indexAt(x: number): number;
  text(index: number, series: number | null): string;
  title(index: number): string;
  /** What a stretch is, and how to see only this. */
  stretchText(stretch: Stretch): string;
  rows(index: number): readonly TipRow[];
}
