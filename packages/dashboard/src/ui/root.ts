import { createContext, use } from "react";

/** The element that the dashboard is drawn into; null: the whole page. */
export const RootContext = createContext<HTMLElement | null>(null);

export function useRoot(): HTMLElement | null {
  return use(RootContext);
}
