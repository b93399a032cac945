import { useLayoutEffect, useRef, type RefObject } from "react";

/** Widths are rounded here and there. */
const ROUNDING_PX = 0.5;

/**
 * Makes what stands in a row fit into the room there is, whatever the language and the size of the letters: the
 * first of the ways that fits, or the last one, stands in `data-fit`, which the styles answer to.
 */
export function useFit(ways: readonly string[]): RefObject<HTMLElement | null> {
  const row = useRef<HTMLElement>(null);
  const known = useRef("");
  useLayoutEffect(() => {
    const host = row.current;
    const now = host === null ? "" : `${host.clientWidth} ${host.textContent}`;
    if (host === null || now === known.current) return;
    known.current = now;
    fit(host, ways);
  });
  useLayoutEffect(() => {
    const host = row.current;
    if (host === null) return undefined;
    const observer = new ResizeObserver(() => fit(host, ways));
    observer.observe(host);
    return () => observer.disconnect();
  }, [ways]);
  return row;
}

function fit(row: HTMLElement, ways: readonly string[]): void {
  for (const way of ways) {
    row.dataset["fit"] = way;
    if (fits(row)) return;
  }
}

function fits(row: HTMLElement): boolean {
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(row);
  const room = row.clientWidth - Number.parseFloat(paddingInlineStart) - Number.parseFloat(paddingInlineEnd);
  const parts = [...row.children];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const taken = Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
  return taken <= room + ROUNDING_PX && parts.every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth);
}
