import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { nextTask } from "../api/next-task.ts";
import type { Palette } from "../charts/palette.ts";
import { svgOf, type Picture } from "../charts/svg.ts";
import { inPieces } from "./in-pieces.ts";
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
    // Of several changes at once only the last is drawn.
    let wanted = true;
    const draw = async (): Promise<void> => {
      const drawn = await inTasks(palette, picture, () => wanted);
      if (drawn !== null) show(drawn);
    };
    void draw();
    return () => {
      wanted = false;
    };
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

/** A picture with its colours, made in tasks of their own, so that the page answers in between; null once nobody wants it. */
async function inTasks(
  colours: () => Palette,
  make: (palette: Palette) => Picture,
  wanted: () => boolean,
): Promise<Picture | null> {
  await nextTask();
  if (!wanted()) return null;
  const palette = colours();
  await nextTask();
  if (!wanted()) return null;
  const picture = make(palette);
  const shapes = await inPieces(picture.shapes, wanted);
  if (shapes === null) return null;
  await nextTask();
  return wanted() ? { ...picture, shapes } : null;
}
