/** Between a layer and its button, and between a layer and the edge of the window. */
const GAP_PX = 8;
const EDGE_PX = 12;

/** Keeps a layer below its button, or above where there is more room, while the page scrolls and the window or the layer changes. @returns how to stop. */
export function placeBeside(layer: HTMLElement, button: HTMLElement, side: "start" | "end"): () => void {
  const place = (): void => put(layer, button.getBoundingClientRect(), side);
  place();
  const observer = new ResizeObserver(place);
  observer.observe(layer);
  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  return () => {
    observer.disconnect();
    removeEventListener("scroll", place, { capture: true });
    removeEventListener("resize", place);
  };
}

function put(layer: HTMLElement, at: DOMRect, side: "start" | "end"): void {
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, scrollHeight: height } = layer;
  const rightToLeft = layer.dir === "rtl";
  const left = (side === "end") === rightToLeft ? at.left : at.right - width;
  const [below, above] = [clientHeight - at.bottom - GAP_PX - EDGE_PX, at.top - GAP_PX - EDGE_PX];
  const under = height <= below || below >= above;
  layer.style.left = `${Math.max(EDGE_PX, Math.min(left, clientWidth - EDGE_PX - width))}px`;
  layer.style.top = under ? `${at.bottom + GAP_PX}px` : "auto";
  layer.style.bottom = under ? "auto" : `${clientHeight - at.top + GAP_PX}px`;
  layer.style.setProperty("--cs-room", `${Math.max(0, under ? below : above)}px`);
}
