import type { ScopeEntry, ServiceStatus } from "@community-stats/contract/page.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, worthRetrying } from "./http.ts";

const FRESH_MS = 60_000;
const STATUS_EVERY_MS = 60_000;
const STATUS_WHILE_RUNNING_MS = 3_000;

/** Address of a columns request; the same request always gives the same address. */
function columnsUrl(apiBase: string, request: ColumnsRequest): string {
  const name = `${request.side === "records" ? "record" : "usage"}-${request.kind}-category`;
  const query = new URLSearchParams({
    community_id: request.scope,
    start_date: request.from,
    end_date: request.to,
    granularity: request.granularity,
    metrics: request.metrics.join(","),
  });
  if (request.side === "records") query.set("date_basis", request.basis);
  if (request.breakdown !== null) query.set("breakdowns", request.breakdown);
  if (request.top !== undefined) query.set("top", String(request.top));
  if (request.values !== undefined) query.set("values", listText(request.values));
  query.set("shape", request.shape === "totals" ? "totals" : "columns");
  return `${apiBase}/${name}?${query}`;
}

/** Ids may hold commas, so such a list goes as JSON. */
function listText(values: readonly string[]): string {
  return values.some((value) => /[,[]/.test(value)) ? JSON.stringify(values) : values.join(",");
}

export function columnsQuery(apiBase: string, request: ColumnsRequest) {
  const url = columnsUrl(apiBase, request);
  return queryOptions({
    queryKey: ["columns", url],
    queryFn: ({ signal }) => fetchJson<ColumnsAnswer>(url, signal),
    staleTime: FRESH_MS,
    retry: (count, error) => count < 1 && worthRetrying(error),
  });
}

export function statusQuery(apiBase: string) {
  return queryOptions({
    queryKey: ["status", apiBase],
    queryFn: ({ signal }) => fetchJson<ServiceStatus>(`${apiBase}/status`, signal),
    refetchInterval: (query) => (query.state.data?.running ? STATUS_WHILE_RUNNING_MS : STATUS_EVERY_MS),
    retry: false,
  });
}

export function scopesQuery(apiBase: string) {
  return queryOptions({
    queryKey: ["scopes", apiBase],
    queryFn: ({ signal }) => fetchJson<readonly ScopeEntry[]>(`${apiBase}/scopes`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
