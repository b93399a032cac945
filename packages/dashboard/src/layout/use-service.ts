import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { ApiError } from "../api/http.ts";
import { statusQuery } from "../api/queries.ts";

/** Why the service gives no number of the scope at all: it is gone or not open to the reader, or switched off since the page came. */
export type Refusal = "gone" | "off";

const REFUSALS: Readonly<Record<string, Refusal>> = { UNKNOWN_COMMUNITY: "gone", STATISTICS_OFF: "off" };

/** How far the numbers reach, live. What the page has is asked for again as soon as newer numbers are there. */
export function useStatus(apiBase: string): ServiceStatus | undefined {
  const client = useQueryClient();
  const { data } = useQuery(statusQuery(apiBase));
  const counted = data?.updatedAt;
  const before = useRef(counted);
  useEffect(() => {
    const isNewer = before.current !== undefined && counted !== undefined && counted !== before.current;
    if (counted !== undefined) before.current = counted;
    if (isNewer) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "status" });
  }, [client, counted]);
  return data;
}

/** What any answer so far says about the scope as a whole. */
export function useRefusal(): Refusal | null {
  const client = useQueryClient();
  return useSyncExternalStore(
    (changed) => client.getQueryCache().subscribe(changed),
    () => refusalIn(client),
  );
}

function refusalIn(client: QueryClient): Refusal | null {
  for (const { state } of client.getQueryCache().getAll()) {
    const { error } = state;
    const refusal = error instanceof ApiError && error.code !== null ? REFUSALS[error.code] : undefined;
    if (refusal !== undefined) return refusal;
  }
  return null;
}
