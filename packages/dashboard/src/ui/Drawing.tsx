import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import type { Canvas } from "../charts/engine.ts";
import type { Palette } from "../charts/palette.ts";
import { usePalette } from "./use-palette.ts";

export interface DrawingProps {
  readonly option: (palette: Palette) => EChartsCoreOption;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly describedBy?: string;
  /** Gives the present drawing as a document, once there is one. */
  readonly export?: RefObject<(() => string) | null>;
}

/** A picture with a name. The drawing engine is its own chunk and comes after the page. */
export function Drawing({ option, width, height, label, describedBy, export: exported }: DrawingProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useCanvas(host);
  const palette = usePalette(host);
  useLayoutEffect(() => {
    if (canvas === null || width === 0) return;
    canvas.draw(option(palette()), { width, height });
    if (exported !== undefined) exported.current = () => canvas.svg();
  });
  return (
    <div
      ref={host}
      className="plot"
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
    void import("../charts/engine.ts").then(({ openCanvas }) => {
      if (gone || host.current === null) return;
      opened = openCanvas(host.current);
      setCanvas(opened);
    });
    return () => {
      gone = true;
      opened?.dispose();
    };
  }, [host]);
  return canvas;
}
