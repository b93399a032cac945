import { addDays, type Day } from "./days.ts";
import type { ColumnsRequest } from "./series.ts";

/** So many values of a breakdown have a colour of their own. */
export const COLOURED_VALUES = 12;

/** Numbers may be late; what has been counted in this time is found. */
const LATEST_DAYS = 366;

interface OrderedBreakdown {
  readonly breakdown: string;
  /** Records have values of it. */
  readonly ofRecords: boolean;
}

/**
 * The question whose answer gives the values of a breakdown their colours: which of them the scope has most of up to now, in records, or in
 * views where records have none of them. It hangs on nothing that a reader can choose, so that a value keeps its colour.
 */
export function valueOrderRequest(
  { scope, today }: { readonly scope: string; readonly today: Day },
  { breakdown, ofRecords }: OrderedBreakdown,
): ColumnsRequest {
  return {
    scope,
    side: ofRecords ? "records" : "usage",
    kind: "snapshot",
    basis: "added",
    from: addDays(today, -LATEST_DAYS),
    to: today,
    granularity: "year",
    metrics: [ofRecords ? "records" : "views"],
    breakdown,
    top: COLOURED_VALUES,
    shape: "totals",
  };
}
