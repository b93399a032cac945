import { addressedRequest } from "@community-stats/contract/columns-address.ts";
import type { ScopeEntry, ServiceStatus } from "@community-stats/contract/page.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, worthRetrying } from "./http.ts";

const FRESH_MS = 60_000;
const STATUS_EVERY_MS = 60_000;
const STATUS_WHILE_RUNNING_MS = 3_000;

function columnsUrl(apiBase: string, request: ColumnsRequest): string {
  const { query, parameters } = addressedRequest(request);
  return `${apiBase}/${query}?${new URLSearchParams(Object.fromEntries(parameters))}`;
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

/** What a list of records is asked for. */
export interface RecordsRequest {
  readonly metric: "views" | "downloads";
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

const RECORD_LISTS = { views: "most-viewed-records", downloads: "most-downloaded-records" } as const;

export function recordsQuery(apiBase: string, { metric, scope, from, to, limit }: RecordsRequest) {
  const parameters = { community_id: scope, start_date: from, end_date: to, limit: String(limit) };
  const url = `${apiBase}/${RECORD_LISTS[metric]}?${new URLSearchParams(parameters)}`;
  return queryOptions({
    queryKey: ["records", url],
    queryFn: ({ signal }) => fetchJson<RecordListAnswer>(url, signal),
    staleTime: FRESH_MS,
    retry: (count, error) => count < 1 && worthRetrying(error),
  });
}

/** Before the first calculation is done, it can begin at any moment. */
function isUnderWay(status: ServiceStatus | undefined): boolean {
  return status !== undefined && (status.running !== null || status.asOf === null);
}

export function statusQuery(apiBase: string) {
  return queryOptions({
    queryKey: ["status", apiBase],
    queryFn: ({ signal }) => fetchJson<ServiceStatus>(`${apiBase}/status`, signal),
    refetchInterval: (query) => (isUnderWay(query.state.data) ? STATUS_WHILE_RUNNING_MS : STATUS_EVERY_MS),
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
