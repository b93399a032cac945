import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import { valueOrderRequest } from "@community-stats/contract/value-order.ts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { columnsQuery } from "../api/queries.ts";
import { usePage } from "../state/page-context.ts";

export interface ValueOrder {
  /** The values of a breakdown in the order that gives them their colours; empty where that cannot be had. */
  readonly order: readonly string[];
  /** It is on its way; `order` is that of what was shown before. */
  readonly waiting: boolean;
}

const NONE: readonly string[] = [];

/** @param breakdown null: nothing is to be coloured */
export function useValueOrder(breakdown: string | null): ValueOrder {
  const { config, bounds } = usePage();
  const ofRecords = config.breakdowns.find(({ name }) => name === breakdown)?.records ?? true;
  const request = valueOrderRequest(
    { scope: config.scope, today: bounds.today },
    { breakdown: breakdown ?? "", ofRecords },
  );
  const query = useQuery({
    ...columnsQuery(config.apiBase, request),
    enabled: breakdown !== null,
    placeholderData: keepPreviousData,
    select: valuesOf,
  });
  if (breakdown === null) return { order: NONE, waiting: false };
  return { order: query.data ?? NONE, waiting: query.isPending || query.isPlaceholderData };
}

function valuesOf({ series }: ColumnsAnswer): readonly string[] {
  return series.filter(({ kind }) => kind === "value").map(({ id }) => id);
}
