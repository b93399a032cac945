import { addressedRequest, type AddressedRequest } from "@community-stats/contract/columns-address.ts";
import type { ScopeEntry, ServiceStatus } from "@community-stats/contract/page.ts";
import { addressedRecordList, type RecordListRequest } from "@community-stats/contract/record-list.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { StandingAnswer } from "@community-stats/contract/standing.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, worthRetrying } from "./http.ts";

const FRESH_MS = 60_000;
const STATUS_EVERY_MS = 60_000;
const STATUS_WHILE_RUNNING_MS = 3_000;

function urlOf(apiBase: string, { query, parameters }: AddressedRequest): string {
  return `${apiBase}/${query}?${new URLSearchParams(Object.fromEntries(parameters))}`;
}

export function columnsQuery(apiBase: string, request: ColumnsRequest) {
  const url = urlOf(apiBase, addressedRequest(request));
  return queryOptions({
    queryKey: ["columns", url],
    queryFn: ({ signal }) => fetchJson<ColumnsAnswer>(url, signal),
    staleTime: FRESH_MS,
    retry: (count, error) => count < 1 && worthRetrying(error),
  });
}

export function recordsQuery(apiBase: string, request: RecordListRequest) {
  const url = urlOf(apiBase, addressedRecordList(request));
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

/** How far the numbers of one scope, or of all that may be read, go. @param scopes "all", "global" or a community's id */
export function standingQuery(apiBase: string, scopes: string) {
  return queryOptions({
    queryKey: ["standing", apiBase, scopes],
    queryFn: ({ signal }) => fetchJson<StandingAnswer>(`${apiBase}/status?${new URLSearchParams({ scopes })}`, signal),
    refetchInterval: STATUS_EVERY_MS,
    retry: (count, error) => count < 1 && worthRetrying(error),
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
