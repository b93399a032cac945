import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import type { Palette } from "../charts/palette.ts";
import { svgOf, type Picture } from "../charts/svg.ts";
import { usePrinting } from "./printing.tsx";
import { usePalette } from "./use-palette.ts";

export interface DrawingProps {
  readonly picture: (palette: Palette) => Picture;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly describedBy?: string;
  /** Is told how to get the present drawing as a document. */
  readonly onDrawn?: (svg: () => string) => void;
}

/** A picture with a name. */
export function Drawing({ picture, width, height, label, describedBy, onDrawn }: DrawingProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const palette = usePalette(host);
  const printing = usePrinting();
  const prefix = useId().replaceAll(/\W/g, "");
  useLayoutEffect(() => {
    if (width === 0) return undefined;
    const show = (drawn: Picture): void => {
      if (host.current === null) return;
      const svg = svgOf(drawn, prefix);
      host.current.innerHTML = svg;
      onDrawn?.(() => svg);
    };
    if (printing) {
      show(picture(palette()));
      return undefined;
    }
    // Tasks of their own, so that the page answers in between; of several changes at once only the last is drawn.
    let waiting = setTimeout(() => {
      const colours = palette();
      waiting = setTimeout(() => {
        const drawn = picture(colours);
        waiting = setTimeout(() => show(drawn));
      });
    });
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
