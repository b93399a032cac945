import type { PageBreakdown } from "@community-stats/contract/page.ts";
import type { ChartSpec, DataRef } from "@community-stats/contract/widgets.ts";
import type { Draw } from "../charts/time-scene.ts";
import { canSplit, isDistinct, isSeveral } from "./data.ts";
import { namesProp, textProp, type Placed } from "./props.ts";

/** Stands in the address for "no breakdown". */
export const NONE = "none";

/** What a chart shows: one metric, whole or by a breakdown, drawn in one of the ways that suit it. */
export interface ChartChoice {
  readonly data: DataRef;
  readonly breakdown: string | null;
  readonly draw: Draw;
  readonly initialDraw: Draw;
  readonly draws: readonly Draw[];
}

/** What the reader chose, as far as the data allow it. */
export function chartChoice(
  placed: Placed<ChartSpec>,
  chosen: Readonly<Record<string, string>>,
  { filtered, breakdowns }: { readonly filtered: boolean; readonly breakdowns: readonly PageBreakdown[] },
): ChartChoice {
  const { metrics } = placed.spec;
  const wanted = chosen["metric"];
  const data = metrics.find(({ metric }) => metric === wanted) ?? metrics[0];
  if (data === undefined) throw new RangeError(`${placed.name} has no metric.`);
  const by = chosen["by"] ?? null;
  const breakdown = by === null || by === NONE || filtered || !canSplit(breakdowns, data, by) ? null : by;
  const draws: readonly Draw[] =
    breakdown !== null && (isSeveral(breakdowns, breakdown) || isDistinct(data)) ? ["line"] : ["bar", "line", "area"];
  const configured = textProp(placed.props, "chartType") ?? placed.spec.draw;
  const initialDraw = draws.find((kind) => kind === configured) ?? draws[0] ?? "bar";
  const draw = draws.find((kind) => kind === chosen["draw"]) ?? initialDraw;
  return { data, breakdown, draw, initialDraw, draws };
}

/** Breakdowns that the layout offers, in its order, or those of the page. */
export function offeredBreakdowns(placed: Placed<ChartSpec>, ofPage: readonly string[]): readonly string[] {
  const named = namesProp(placed.props, "display_subcounts");
  const names = named === null || named.length === 0 ? ofPage : named;
  return names.map((name) => name.replace(/^by_/, ""));
}
