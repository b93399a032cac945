import { useCallback, useSyncExternalStore } from "react";

/** The query of the page's address, live: back and forward included. */
export function useSearch(): readonly [string, (search: string) => void] {
  const search = useSyncExternalStore(subscribe, read, () => "");
  const push = useCallback((next: string) => {
    if (next === read()) return;
    history.pushState(null, "", `${location.pathname}${next}${location.hash}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, []);
  return [search, push];
}

function subscribe(changed: () => void): () => void {
  addEventListener("popstate", changed);
  return () => removeEventListener("popstate", changed);
}

function read(): string {
  return location.search;
}
