import { useRef, type ReactNode } from "react";
import type { Extent } from "../charts/time-geometry.ts";
import { timePicture, timePlot, type TimeDrawing } from "../charts/time-picture.ts";
import { ChartReader } from "./ChartReader.tsx";
import { Drawing } from "./Drawing.tsx";
import { usePrinting } from "./printing.tsx";
import type { Reading } from "./reading.ts";
import type { Stretch } from "./use-stretch.ts";
import { useWidth } from "./use-width.ts";

/** What hangs on the size of the drawing. */
type Place = "x" | "ends" | "indexAt";

export interface TimePlotProps {
  readonly drawing: TimeDrawing;
  readonly caption: string;
  readonly label: string;
  readonly describedBy?: string;
  readonly height?: number;
  readonly reading: Omit<Reading, Place>;
  readonly onTable: () => void;
  readonly onChoose: ((series: number) => void) | null;
  readonly onNarrow: (stretch: Stretch) => void;
  readonly onDrawn?: (svg: () => string) => void;
}

/** 180 mm of paper, and so high that a year of months stands on the first sheet with it. */
const PAPER = { width: 680, height: 220 };
const HEIGHTS = [
  { least: 1080, height: 312 },
  { least: 780, height: 292 },
  { least: 480, height: 272 },
  { least: 0, height: 232 },
] as const;

function plotHeight(width: number): number {
  return HEIGHTS.find(({ least }) => width >= least)?.height ?? 272;
}

/** A time chart: its picture, and the slider that reads it. */
export function TimePlot(props: TimePlotProps): ReactNode {
  const host = useRef<HTMLElement>(null);
  const measured = useWidth(host);
  const printing = usePrinting();
  const size = printing ? PAPER : { width: measured, height: props.height ?? plotHeight(measured) };
  const { width, height } = size;
  return (
    <figure className="plot-box" ref={host}>
      <figcaption>{props.caption}</figcaption>
      <div className="plot-area" style={{ blockSize: height }}>
        <Drawing
          picture={(palette) => timePicture(props.drawing, size, palette)}
          width={width}
          height={height}
          label={props.label}
          {...(props.describedBy === undefined ? {} : { describedBy: props.describedBy })}
          {...(props.onDrawn === undefined ? {} : { onDrawn: props.onDrawn })}
        />
        {width === 0 || props.reading.count === 0 ? null : (
          <ChartReader
            reading={{ ...props.reading, ...places(props.drawing, size) }}
            width={width}
            onTable={props.onTable}
            onChoose={props.onChoose}
            onNarrow={props.onNarrow}
          />
        )}
      </div>
    </figure>
  );
}

function places(drawing: TimeDrawing, size: { readonly width: number; readonly height: number }): Pick<Reading, Place> {
  let known: readonly Extent[] | null = null;
  // Not before somebody reads: laying out thousands of periods takes its time.
  const extents = (): readonly Extent[] => (known ??= timePlot(drawing, size).geometry.extents);
  return {
    x: (index) => extents()[index]?.middle ?? 0,
    ends: (index) => extents()[index] ?? { start: 0, end: 0 },
    indexAt: (x) => {
      const found = extents().findIndex(({ end }) => end >= x);
      return found === -1 ? extents().length - 1 : found;
    },
  };
}
