import { createContext, use } from "react";

/** The element that the dashboard is drawn into; null: the whole page. */
export const RootContext = createContext<HTMLElement | null>(null);

export function useRoot(): HTMLElement | null {
  return use(RootContext);
}

/** The element that holds what opens above the dashboard; null: the page's body. */
export const LayersContext = createContext<HTMLElement | null>(null);

export function useLayers(): HTMLElement {
  return use(LayersContext) ?? document.body;
}
