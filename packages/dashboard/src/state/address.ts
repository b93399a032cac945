import { startTransition, useCallback, useEffect, useState } from "react";

/** Where the choices of a page are kept, as the query of an address. */
export interface Address {
  read(): string;
  /** Goes on to another query. */
  push(search: string): void;
  /** @returns how to stop listening. */
  subscribe(changed: () => void): () => void;
  /** What stands before the query in an address that shows the same to somebody else. */
  readonly before: string;
}

/** The address of the page itself: back and forward lead through the choices. */
export const PAGE_ADDRESS: Address = {
  before: "",
  read: () => location.search,
  push: (search) => {
    history.pushState(null, "", `${location.pathname}${search}${location.hash}`);
    dispatchEvent(new PopStateEvent("popstate"));
  },
  subscribe: (changed) => {
    addEventListener("popstate", changed);
    return () => removeEventListener("popstate", changed);
  },
};

/** For a part of somebody else's page, whose address is not ours. */
export function ownAddress(first: string, before: string): Address {
  let search = first;
  const listeners = new Set<() => void>();
  return {
    before,
    read: () => search,
    push: (next) => {
      search = next;
      for (const listener of listeners) listener();
    },
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** The query of an address, live. What follows from a change is drawn in small steps, so that the page goes on answering. */
export function useSearch({ subscribe, read, push }: Address): readonly [string, (search: string) => void] {
  const [search, setSearch] = useState(read);
  useEffect(() => {
    const changed = (): void => startTransition(() => setSearch(read()));
    changed();
    return subscribe(changed);
  }, [subscribe, read]);
  const go = useCallback((next: string) => (next === read() ? undefined : push(next)), [read, push]);
  return [search, go];
}
