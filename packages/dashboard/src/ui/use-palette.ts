import { useEffect, useState, type RefObject } from "react";
import { EMPTY, onThemeChange, readPalette, type Palette } from "../charts/palette.ts";
import { usePrinting } from "./printing.tsx";

/** The resolved colours where the element stands; read again when the theme changes and for print. */
export function usePalette(element: RefObject<HTMLElement | null>): () => Palette {
  const [, setVersion] = useState(0);
  const printing = usePrinting();
  useEffect(() => onThemeChange(() => setVersion((version) => version + 1), element.current), [element]);
  return () => (element.current === null ? EMPTY : readPalette(element.current, printing));
}
