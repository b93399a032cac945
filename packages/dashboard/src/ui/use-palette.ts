import { useEffect, useState, type RefObject } from "react";
import { EMPTY, onThemeChange, readPalette, type Palette } from "../charts/palette.ts";
import { usePrinting } from "./printing.tsx";

/** By root of a page or of an element in somebody's: reading them makes the browser compute styles. Forgotten when the theme changes. */
let known = new WeakMap<Element, Palette>();
let listening = 0;

function paletteOf(host: HTMLElement, printing: boolean): Palette {
  const root = host.closest(".cs-root") ?? host;
  const palette = (printing ? undefined : known.get(root)) ?? readPalette(host, printing);
  if (!printing) known.set(root, palette);
  return palette;
}

/** The resolved colours where the element stands; read again when the theme changes and for print. */
export function usePalette(element: RefObject<HTMLElement | null>): () => Palette {
  const [, setVersion] = useState(0);
  const printing = usePrinting();
  useEffect(() => {
    const changed = (): void => {
      known = new WeakMap();
      setVersion((version) => version + 1);
    };
    const stop = onThemeChange(changed, element.current);
    listening++;
    return () => {
      stop();
      listening--;
      // Without a drawing nobody would hear of another theme.
      if (listening === 0) known = new WeakMap();
    };
  }, [element]);
  return () => (element.current === null ? EMPTY : paletteOf(element.current, printing));
}
