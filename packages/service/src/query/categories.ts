import { camelCase, snakeCase, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import { metricNamed, metricsOf, type Kind, type Side } from "@community-stats/contract/metrics.ts";
import { BadRequestError } from "@community-stats/contract/problems.ts";
import { FILE_PRESENCE } from "@community-stats/contract/series.ts";
import type { AnyMetric } from "./measures.ts";
import { nearest } from "./nearest.ts";
import { shorten } from "./parameters.ts";

/** How the values of a breakdown are listed in a category. */
export type CategoryList = "delta" | "all" | "top" | "by_view" | "by_download";

/** One key of a category result, in snake_case. */
export type Category =
  | { readonly kind: "global"; readonly name: string; readonly metrics: readonly AnyMetric[] }
  | { readonly kind: "filePresence"; readonly name: string; readonly metrics: readonly AnyMetric[] }
  | {
      readonly kind: "breakdown";
      readonly name: string;
      readonly metrics: readonly AnyMetric[];
      readonly breakdown: Breakdown;
      readonly list: CategoryList;
    };

/** Order of the original's category answers where it is not that of the metrics table. */
const RECORD_SNAPSHOT_ORDER = ["records", "parents", "uploaders", "dataVolume", "fileCount"];
const TOP_USAGE_ORDER = [
  "views",
  "downloads",
  "viewVisitors",
  "downloadVisitors",
  "viewUniqueRecords",
  "viewUniqueParents",
  "downloadUniqueFiles",
  "downloadUniqueParents",
  "downloadUniqueRecords",
  "dataVolume",
];
const TOP_USAGE_ORDERED = new Set(["countries", "subjects", "publishers", "rights", "referrers", "affiliations"]);

/** The categories of a kind in wire order, derived from the configured breakdowns by exact name. */
export function categoriesOf(side: Side, kind: Kind, breakdowns: readonly Breakdown[]): readonly Category[] {
  const metrics = wireMetrics(side, kind);
  const ofValues = metrics.filter((metric) => metric.totalsOnly !== true);
  const categories: Category[] = [{ kind: "global", name: "global", metrics }];
  for (const breakdown of breakdowns) {
    for (const list of listsOf(breakdown, side, kind)) {
      const special = (list === "by_view" || list === "by_download") && TOP_USAGE_ORDERED.has(breakdown.name);
      categories.push({
        kind: "breakdown",
        name: list === "by_view" || list === "by_download" ? `${breakdown.name}_${list}` : breakdown.name,
        metrics: special ? inOrder(ofValues, TOP_USAGE_ORDER) : ofValues,
        breakdown,
        list,
      });
    }
  }
  if (side === "records") categories.push({ kind: "filePresence", name: FILE_PRESENCE, metrics: ofValues });
  return categories;
}

function listsOf(breakdown: Breakdown, side: Side, kind: Kind): readonly CategoryList[] {
  const definition = breakdown[side];
  if (definition === null) return [];
  if (kind === "delta") return ["delta"];
  if (side === "usage" && definition.snapshot === "top") return ["by_view", "by_download"];
  return [definition.snapshot];
}

function wireMetrics(side: Side, kind: Kind): readonly AnyMetric[] {
  const metrics = metricsOf(side).filter((metric) => metric.wire);
  return side === "records" && kind === "snapshot" ? inOrder(metrics, RECORD_SNAPSHOT_ORDER) : metrics;
}

function inOrder(metrics: readonly AnyMetric[], names: readonly string[]): readonly AnyMetric[] {
  return metrics.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/**
 * The category of that name, in either spelling. The plain name of a breakdown that a usage snapshot lists twice
 * stands for the list that is ranked by the metric's own side.
 * @throws BadRequestError naming what would be right.
 */
export function categoryNamed(categories: readonly Category[], name: string, metric: AnyMetric | null): Category {
  const wanted = snakeCase(name);
  const list = metric !== null && /^(download|dataVolume)/.test(metric.name) ? "by_download" : "by_view";
  const found =
    categories.find((category) => category.name === wanted) ??
    categories.find((category) => category.name === `${wanted}_${list}`);
  if (found !== undefined) return found;
  throw new BadRequestError(
    "UNKNOWN_CATEGORY",
    `There is no category "${shorten(name)}" in this query.`,
    `${nearest(
      wanted,
      categories.map((category) => category.name),
    )}Use one of: ${categories.map((category) => category.name).join(", ")}; or the same in camelCase.`,
  );
}

/** @throws BadRequestError naming the metrics that there are. */
export function metricOf(side: Side, name: string): AnyMetric {
  const metric = metricNamed(side, camelCase(name));
  if (metric !== undefined) return metric;
  const names = metricsOf(side).map((known) => known.name);
  throw new BadRequestError(
    "UNKNOWN_METRIC",
    `There is no metric "${shorten(name)}" ${side === "records" ? "of records" : "of usage"}.`,
    `${nearest(name, names)}Use one of: ${names.join(", ")}; or the same in snake_case.`,
  );
}

/** @throws BadRequestError naming the breakdowns that there are. */
export function breakdownNamed(breakdowns: readonly Breakdown[], side: Side, name: string): Breakdown {
  const wanted = snakeCase(name);
  const offered = breakdowns.filter((breakdown) => breakdown[side] !== null);
  const found = offered.find((breakdown) => breakdown.name === wanted);
  if (found !== undefined) return found;
  const names = offered.map((breakdown) => breakdown.name);
  throw new BadRequestError(
    "UNKNOWN_BREAKDOWN",
    `There is no breakdown "${shorten(name)}" ${side === "records" ? "of records" : "of usage"}.`,
    `${nearest(name, names)}Use one of: ${names.join(", ")}.`,
  );
}
