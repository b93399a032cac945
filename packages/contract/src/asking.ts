import { addDays, type Day, type DayRange } from "./days.ts";
import type { ColumnsRequest, Granularity } from "./series.ts";
import type { BreakdownSpec, DataRef, MapSpec } from "./widgets.ts";

/** What a page is about. */
export interface AskingPage {
  /** "global" or the community's id. */
  readonly scope: string;
  readonly granularity: Granularity;
  readonly range: DayRange;
  readonly today: Day;
}

export interface Splitting {
  readonly breakdown: string | null;
  readonly top?: number;
}

type Props = Readonly<Record<string, unknown>>;

/** The question of a widget about the page's scope and range. */
export function widgetRequest(page: AskingPage, data: DataRef, splitting: Splitting): ColumnsRequest {
  return {
    scope: page.scope,
    side: data.side,
    kind: data.kind,
    basis: "added",
    from: page.range.from,
    to: askedEnd(page),
    granularity: page.granularity,
    metrics: [data.metric],
    ...splitting,
  };
}

/** Today is not finished. By day it is shown as such; in longer periods it would only blur what the sums are of. */
function askedEnd({ range, granularity, today }: AskingPage): Day {
  return granularity !== "day" && range.to === today && range.from < today ? addDays(today, -1) : range.to;
}

const DEFAULT_ROWS = 10;
const MOST_ROWS = 100;

/** How a breakdown card splits its numbers: prop `pageSize` says how many values it lists. */
export function breakdownSplitting({ breakdown }: BreakdownSpec, props: Props): Splitting & { readonly top: number } {
  return { breakdown, top: numberProp(props, "pageSize", { least: 1, most: MOST_ROWS }) ?? DEFAULT_ROWS };
}

/** More than there are countries. */
export const ALL_COUNTRIES = 300;
export const MAP_SPLITTING: Splitting = { breakdown: "countries", top: ALL_COUNTRIES };

/** What a map shows: running totals unless the layout asks for the period (the original's `useSnapshot`). */
export function mapData(spec: MapSpec, props: Props, chosen?: string): DataRef {
  const wanted = chosen ?? props["metric"];
  const found = spec.metrics.find(({ metric }) => metric === wanted) ?? spec.metrics[0];
  if (found === undefined) throw new RangeError("A map has no metric.");
  return { ...found, kind: props["useSnapshot"] === false ? "delta" : "snapshot" };
}

/** A number of a layout document, which may be written as text; null where it is none or out of bounds. */
export function numberProp(
  props: Props,
  name: string,
  bounds: { readonly least: number; readonly most: number },
): number | null {
  const value = typeof props[name] === "string" ? Number.parseFloat(props[name]) : props[name];
  return typeof value === "number" && value >= bounds.least && value <= bounds.most ? value : null;
}
