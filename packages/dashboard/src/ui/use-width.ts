import { useLayoutEffect, useState, type RefObject } from "react";

/** Width of an element in whole pixels, 0 before it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.floor(host.clientWidth)));
    observer.observe(host);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
