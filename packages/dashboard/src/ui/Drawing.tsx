import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import type { Canvas, Option } from "../charts/engine.ts";
import type { Palette } from "../charts/palette.ts";
import { usePrinting } from "./printing.tsx";
import { usePalette } from "./use-palette.ts";

export interface DrawingProps {
  readonly option: (palette: Palette) => Option;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly describedBy?: string;
  /** Is told how to get the present drawing as a document. */
  readonly onDrawn?: (svg: () => string) => void;
}

/** A picture with a name. The drawing engine is its own chunk and comes after the page. */
export function Drawing({ option, width, height, label, describedBy, onDrawn }: DrawingProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useCanvas(host);
  const palette = usePalette(host);
  const printing = usePrinting();
  useLayoutEffect(() => {
    if (canvas === null || width === 0) return undefined;
    const draw = (): void => {
      canvas.draw(option(palette()), { width, height });
      onDrawn?.(() => canvas.svg());
    };
    if (printing) {
      draw();
      return undefined;
    }
    // A task of its own, so that the page answers in between; of several changes at once only the last is drawn.
    const waiting = setTimeout(draw);
    return () => clearTimeout(waiting);
  });
  return (
    <div
      ref={host}
      className="plot"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the picture is drawn inside, it is not a file
      role="img"
      aria-label={label}
      aria-describedby={describedBy}
      style={{ inlineSize: width === 0 ? "100%" : width, blockSize: height }}
    />
  );
}

function useCanvas(host: RefObject<HTMLDivElement | null>): Canvas | null {
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  useEffect(() => {
    let opened: Canvas | null = null;
    let gone = false;
    const open = async (): Promise<void> => {
      const { openCanvas } = await import("../charts/engine.ts");
      if (gone || host.current === null) return;
      opened = openCanvas(host.current);
      setCanvas(opened);
    };
    void open();
    return () => {
      gone = true;
      opened?.dispose();
    };
  }, [host]);
  return canvas;
}
