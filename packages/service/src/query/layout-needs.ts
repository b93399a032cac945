import {
  COMPONENT_NAMES,
  needsOf,
  type Need,
  type PlacedComponent,
} from "@community-stats/contract/component-needs.ts";
import { snakeCase } from "@community-stats/contract/breakdowns.ts";
import { resolveLayout, type LayoutDocument } from "@community-stats/contract/layout.ts";
import { BadRequestError } from "@community-stats/contract/problems.ts";
import { z } from "zod";
import type { Category } from "./categories.ts";
import { nearest } from "./nearest.ts";
import { shorten, type QueryParameters } from "./parameters.ts";

const shownSchema = z.array(z.string());

/** The widgets of a layout, in the order of their names, each once. */
function componentsOf(layout: LayoutDocument): readonly PlacedComponent[] {
  const cells = resolveLayout(layout).tabs.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const placed = cells.map(({ component, props }): PlacedComponent => {
    const shown = shownSchema.safeParse(props["display_subcounts"]);
    return { component, shown: shown.success ? shown.data.map(snakeCase).toSorted() : null };
  });
  const byText = new Map(placed.map((component) => [componentText(component), component]));
  return [...byText.keys()].toSorted().flatMap((text) => byText.get(text) ?? []);
}

/** "ContentStatsChart", or "ContentStatsChart(languages,rights)" where only these are shown. */
export function componentText({ component, shown }: PlacedComponent): string {
  return shown === null ? component : `${component}(${shown.join(",")})`;
}

/**
 * The widgets that an answer is cut down to: those named, else with `optimize` those of the layout; null for no cut.
 * @throws BadRequestError for a name that no widget has.
 */
export function chosenComponents(
  { optimize, component_names: names }: QueryParameters,
  layout: LayoutDocument,
): readonly PlacedComponent[] | null {
  if (optimize === false || (optimize === undefined && names === undefined)) return null;
  if (names === undefined) return componentsOf(layout);
  for (const name of names) if (!COMPONENT_NAMES.includes(name)) throw unknownComponent(name);
  return names.map((component) => ({ component, shown: null }));
}

function unknownComponent(name: string): BadRequestError {
  return new BadRequestError(
    "UNKNOWN_COMPONENT",
    `There is no widget "${shorten(name)}" in component_names.`,
    `${nearest(name, COMPONENT_NAMES)}Use names of widgets as a layout has them, for example ContentStatsChart.`,
  );
}

/** The category with only the metrics that a widget reads; without any widget, with all. */
export function cutToNeeds(
  category: Category,
  components: readonly PlacedComponent[],
  of: Pick<Need, "side" | "kind">,
) {
  if (components.length === 0) return category;
  const needs = components.flatMap(needsOf).filter(({ side, kind }) => side === of.side && kind === of.kind);
  const breakdown = category.kind === "breakdown" ? category.breakdown.name : category.name;
  const fits = (need: Need) => need.breakdown === breakdown || (need.breakdown === "*" && breakdown !== "global");
  const names = new Set(needs.filter(fits).flatMap(({ metrics }) => metrics));
  return { ...category, metrics: category.metrics.filter(({ name }) => names.has(name) && isListed(category, name)) };
}

/** A list by views is read for views, a list by downloads for downloads and their volume. */
function isListed(category: Category, metric: string): boolean {
  if (category.kind !== "breakdown") return true;
  if (category.list === "by_view") return metric.startsWith("view");
  return category.list !== "by_download" || !metric.startsWith("view");
}
