import { widgetRequest, type Splitting } from "@community-stats/contract/asking.ts";
import { daily, needsDays, otherRequest } from "@community-stats/contract/other-period.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import type { DataRef } from "@community-stats/contract/widgets.ts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { columnsQuery } from "../api/queries.ts";
import { compareDays, compareWhole, foldOther, type Compared } from "../select/comparison.ts";
import { focused, narrowed, type FocusValue } from "../select/focus.ts";
import { shiftDays } from "../state/comparison.ts";
import { usePage } from "../state/page-context.ts";
import { canSplit } from "./data.ts";

export type Loaded =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: unknown; readonly retry: () => void }
  | { readonly state: "ready"; readonly answer: ColumnsAnswer; readonly stale: Stale | null };

/** The numbers shown are those of before: newer ones are on their way, or did not come. */
export interface Stale {
  readonly since: string | null;
  readonly failed: boolean;
  /** They answer the question of before: another range, another metric. */
  readonly isOther: boolean;
}

export interface Asked {
  readonly request: ColumnsRequest;
  readonly focus: FocusValue | null;
  /** Whether the page's filter could be applied. */
  readonly narrowed: boolean;
}

/** The question of a widget about the page's scope and range, narrowed to the page's filter where its data allow that. */
export function useAsked(data: DataRef, splitting: Splitting = { breakdown: null }): Asked {
  const { config, state, range, bounds } = usePage();
  const { granularity } = state;
  const base = widgetRequest({ scope: config.scope, granularity, range, today: bounds.today }, data, splitting);
  const applies =
    state.filter !== null && splitting.breakdown === null && canSplit(config.breakdowns, data, state.filter.breakdown);
  const focus = applies ? state.filter : null;
  return { request: narrowed(base, focus), focus, narrowed: applies };
}

export function useColumns({ request, focus }: Asked): Loaded {
  const { config } = usePage();
  const query = useQuery({ ...columnsQuery(config.apiBase, request), placeholderData: keepPreviousData });
  const { data, isError, error, isFetching, isPlaceholderData, refetch } = query;
  return useMemo((): Loaded => {
    if (data !== undefined) {
      const old = isPlaceholderData || isFetching || isError;
      const failed = isError && !isFetching;
      const stale = old ? { since: data.updatedAt, failed, isOther: isPlaceholderData } : null;
      return { state: "ready", answer: focused(data, focus), stale };
    }
    return isError ? { state: "failed", error, retry: () => void refetch() } : { state: "loading" };
  }, [data, isError, error, isFetching, isPlaceholderData, refetch, focus]);
}

export interface Comparing {
  /** The two numbers, over the same days; null without a comparison or without common days. */
  readonly compared: Compared | null;
  /** The other period's numbers under the periods of the chart. */
  readonly folded: readonly (number | null)[] | null;
}

const NOTHING: Comparing = { compared: null, folded: null };

/** The same question about the other period. Asks by day only where holes make that necessary. */
export function useComparison(asked: Asked, loaded: Loaded, metric: string): Comparing {
  const { config, state, range } = usePage();
  const { focus, request } = asked;
  const shift = shiftDays(state.comparison, range);
  const current = loaded.state === "ready" && loaded.stale?.isOther !== true ? loaded.answer : null;
  const before = current === null || shift === null ? null : otherRequest(request, current, shift);
  const other = useFocused(config.apiBase, before, focus);
  const byDay = current !== null && other !== null && shift !== null && needsDays(current, other, shift);
  const now = useFocused(
    config.apiBase,
    byDay ? { ...daily(request), breakdown: focus?.breakdown ?? null } : null,
    focus,
  );
  const then = useFocused(config.apiBase, byDay && before !== null ? daily(before) : null, focus);
  return useMemo(() => {
    if (current === null || other === null || shift === null) return NOTHING;
    const known = other.firstDay !== null && other.firstDay <= other.to;
    const folded = known ? foldOther(current, other, { metric, shift }) : null;
    if (!byDay) return { folded, compared: compareWhole(current, other, metric) };
    return { folded, compared: now === null || then === null ? null : compareDays(now, then, { metric, shift }) };
  }, [current, other, now, then, byDay, metric, shift]);
}

function useFocused(apiBase: string, request: ColumnsRequest | null, focus: FocusValue | null): ColumnsAnswer | null {
  const { breakdown, top, ...rest } = request ?? EMPTY_REQUEST;
  const asked = { ...rest, breakdown, ...(breakdown === null || top === undefined ? {} : { top }) };
  const { data } = useQuery({ ...columnsQuery(apiBase, asked), enabled: request !== null });
  return request === null || data === undefined ? null : focused(data, focus);
}

const EMPTY_REQUEST: ColumnsRequest = {
  scope: "",
  side: "usage",
  kind: "delta",
  basis: "added",
  from: "",
  to: "",
  granularity: "day",
  metrics: [],
  breakdown: null,
};
