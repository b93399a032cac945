import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { ReaderTip } from "./ReaderTip.tsx";
import type { Reading } from "./reading.ts";
import { useStretch, type Stretch } from "./use-stretch.ts";

export interface ChartReaderProps {
  readonly reading: Reading;
  readonly width: number;
  readonly onTable: () => void;
  readonly onChoose: ((series: number) => void) | null;
  /** Shows nothing but this stretch. */
  readonly onNarrow: (stretch: Stretch) => void;
}

/** A slider over the plot: works with arrows, with a pointer, and with the swipes of touch screen readers. Dragging, or arrows with Shift, choose a stretch. */
export function ChartReader({ reading, width, onTable, onChoose, onNarrow }: ChartReaderProps): ReactNode {
  const [index, setIndex] = useState(reading.count - 1);
  const [series, setSeries] = useState<number | null>(null);
  const [shown, setShown] = useState(false);
  const tip = useId();
  const at = Math.min(index, reading.count - 1);
  const pointedAt = (event: PointerEvent<HTMLDivElement>): number =>
    reading.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const { stretch, move, take, drag } = useStretch({ at, pointedAt, onNarrow });
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event.key, { at, last: reading.count - 1, stride: reading.stride });
    if (step !== null) {
      move(event.shiftKey);
      setIndex(step);
      setShown(true);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      setSeries(nextSeries(series, event.key === "ArrowDown" ? 1 : -1, reading.seriesCount));
    } else if (event.key === "Escape") {
      move(false);
      setShown(false);
    } else if (event.key === "Enter" && stretch !== null) take();
    else if (event.key.toLowerCase() === "t") onTable();
    else if (event.key === "Enter" && series !== null && onChoose !== null) onChoose(series);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    setIndex(pointedAt(event));
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
        aria-valuetext={stretch === null ? reading.text(at, series) : reading.stretchText(stretch)}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        {...drag}
        onPointerDown={(event) => {
          onPointerMove(event);
          drag.onPointerDown(event);
        }}
        onPointerLeave={() => setShown(false)}
        onBlur={() => setShown(false)}
        onFocus={(event) => setShown(event.currentTarget.matches(":focus-visible"))}
      />
      {shown ? (
        <ReaderTip id={tip} reading={reading} index={at} width={width} series={series} stretch={stretch} />
      ) : null}
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
