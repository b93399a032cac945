import { useRef, useState, type PointerEvent } from "react";

/** Neighbouring places of a chart, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A click that slips draws nothing. */
const LEAST_DRAG_PX = 8;

type Pointed = PointerEvent<HTMLDivElement>;

interface StretchOptions {
  /** The place that is read: one end of the stretch. The other stays where the stretch was begun. */
  readonly at: number;
  readonly pointedAt: (event: Pointed) => number;
  readonly onNarrow: (stretch: Stretch) => void;
}

interface StretchChoice {
  readonly stretch: Stretch | null;
  /** To be called before another place is read: whether the stretch goes on to it. */
  move(extend: boolean): void;
  /** Takes the stretch that there is. */
  take(): void;
  readonly drag: Readonly<Record<"onPointerDown" | "onPointerUp" | "onPointerCancel", (event: Pointed) => void>>;
}

/** A stretch that is chosen by keyboard or by dragging. */
export function useStretch({ at, pointedAt, onNarrow }: StretchOptions): StretchChoice {
  const [anchor, setAnchor] = useState<number | null>(null);
  const dragFrom = useRef<number | null>(null);
  const stretch = stretchOf(anchor, at);
  const end = (chosen: Stretch | null): void => {
    dragFrom.current = null;
    setAnchor(null);
    if (chosen !== null) onNarrow(chosen);
  };
  return {
    stretch,
    move: (extend) => setAnchor(extend ? (anchor ?? at) : null),
    take: () => end(stretch),
    drag: {
      onPointerDown(event) {
        // On touch screens the same gesture reads the chart.
        if (event.button !== 0 || event.pointerType === "touch") return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragFrom.current = event.clientX;
        setAnchor(pointedAt(event));
      },
      onPointerUp(event) {
        const dragged = dragFrom.current === null ? 0 : Math.abs(event.clientX - dragFrom.current);
        end(dragged < LEAST_DRAG_PX ? null : stretchOf(anchor, pointedAt(event)));
      },
      onPointerCancel: () => end(null),
    },
  };
}

function stretchOf(anchor: number | null, at: number): Stretch | null {
  return anchor === null || anchor === at ? null : { from: Math.min(anchor, at), to: Math.max(anchor, at) };
}
