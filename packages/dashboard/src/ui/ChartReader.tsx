import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import type { SwatchKind } from "./Swatch.tsx";
import { Swatch } from "./Swatch.tsx";

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
  /** Horizontal place in pixels. */
  x(index: number): number;
  indexAt(x: number): number;
  text(index: number, series: number | null): string;
  title(index: number): string;
  rows(index: number): readonly TipRow[];
}

export interface ChartReaderProps {
  readonly reading: Reading;
  readonly width: number;
  readonly onTable: () => void;
  readonly onChoose: ((series: number) => void) | null;
}

/** A slider over the plot: works with arrows, with a pointer, and with the swipes of touch screen readers. */
export function ChartReader({ reading, width, onTable, onChoose }: ChartReaderProps): ReactNode {
  const [index, setIndex] = useState(reading.count - 1);
  const [series, setSeries] = useState<number | null>(null);
  const [shown, setShown] = useState(false);
  const tip = useId();
  const at = Math.min(index, reading.count - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event.key, { at, last: reading.count - 1, stride: reading.stride });
    if (step !== null) {
      setIndex(step);
      setShown(true);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      setSeries(nextSeries(series, event.key === "ArrowDown" ? 1 : -1, reading.seriesCount));
    } else if (event.key === "Escape") setShown(false);
    else if (event.key.toLowerCase() === "t") onTable();
    else if (event.key === "Enter" && series !== null && onChoose !== null) onChoose(series);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setIndex(reading.indexAt(event.clientX - box.left));
    setShown(true);
  };
  return (
    <>
      <div
        className="cursor"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it lies over the picture and reads its points
        role="slider"
        tabIndex={0}
        aria-label={reading.label}
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={reading.count}
        aria-valuenow={at + 1}
        aria-valuetext={reading.text(at, series)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerMove}
        onPointerLeave={() => setShown(false)}
        onBlur={() => setShown(false)}
        onFocus={(event) => setShown(event.currentTarget.matches(":focus-visible"))}
      />
      {shown ? <Tip id={tip} reading={reading} index={at} width={width} series={series} /> : null}
    </>
  );
}

interface Place {
  readonly at: number;
  readonly last: number;
  readonly stride: number;
}

/** Time runs from left to right in every language. */
function stepOf(key: string, { at, last, stride }: Place): number | null {
  const within = (value: number): number => Math.min(Math.max(value, 0), last);
  switch (key) {
    case "ArrowLeft":
      return within(at - 1);
    case "ArrowRight":
      return within(at + 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "PageUp":
      return within(at - stride);
    case "PageDown":
      return within(at + stride);
    default:
      return null;
  }
}

function nextSeries(series: number | null, step: 1 | -1, count: number): number | null {
  if (count < 2) return null;
  const next = (series ?? (step === 1 ? -1 : count)) + step;
  return next < 0 || next >= count ? null : next;
}

interface TipProps {
  readonly id: string;
  readonly reading: Reading;
  readonly index: number;
  readonly width: number;
  readonly series: number | null;
}

const TIP_GAP_PX = 14;

/** Stands beside the point read, on the side with more room. */
function Tip({ id, reading, index, width, series }: TipProps): ReactNode {
  const x = reading.x(index);
  const rows = reading.rows(index);
  const shares = rows.some(({ share }) => share !== undefined);
  const side = x > width / 2 ? { right: width - x + TIP_GAP_PX } : { left: x + TIP_GAP_PX };
  return (
    <>
      <div className="crosshair" style={{ left: x }} aria-hidden="true" />
      <div className="tip" id={id} aria-hidden="true" style={side}>
        <p className="tip-head">{reading.title(index)}</p>
        <dl>
          {rows.map((row, place) => (
            <div key={row.key} className={`${row.sum ? "tip-sum" : ""} ${series === place ? "tip-read" : ""}`}>
              <dt>
                {row.swatch === null ? null : <Swatch of={row.swatch} />}
                <span>{row.name}</span>
              </dt>
              <dd>
                {row.value}
                {shares ? <span className="tip-share">{row.share}</span> : null}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}
