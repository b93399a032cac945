import { snakeCase, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { BASES, type Basis, type Side } from "@community-stats/contract/metrics.ts";
import { BadRequestError } from "@community-stats/contract/problems.ts";
import { queryNamed, QUERIES, type NamedQuery } from "@community-stats/contract/queries.ts";
import { GRANULARITIES, type Granularity } from "@community-stats/contract/series.ts";
import { breakdownNamed, categoriesOf, categoryNamed, metricOf, type Category } from "./categories.ts";
import type { DailyPlan, PlannedScope } from "./daily.ts";
import type { AnyMetric } from "./measures.ts";
import { chosenComponents, componentText, cutToNeeds } from "./layout-needs.ts";
import { nearest } from "./nearest.ts";
import { refuseVoid } from "./parameter-pairs.ts";
import { parseParameters, shorten, type QueryParameters } from "./parameters.ts";
import { PRESENCE } from "./file-presence.ts";
import { parseRange } from "./range.ts";
import {
  planRecordList,
  planRecordUsage,
  type RecordListPlan,
  type RecordScope,
  type RecordUsagePlan,
} from "./record-plan.ts";

/** The columns shape of one breakdown or of the totals (contract/series.ts). */
export interface ColumnsPlan extends DailyPlan {
  readonly granularity: Granularity;
  readonly metrics: readonly AnyMetric[];
  readonly breakdown: Breakdown | null;
  readonly values: readonly string[] | null;
  readonly top: number;
  /** False: only one number per series and metric, no axis. */
  readonly axis: boolean;
}

/** A request as plain data, valid and complete: what to read and how to answer. */
export type QueryPlan =
  | { readonly form: "documents"; readonly daily: DailyPlan }
  | { readonly form: "composite"; readonly parts: Readonly<Record<string, DailyPlan>> }
  | {
      readonly form: "series";
      readonly daily: DailyPlan;
      readonly category: Category;
      readonly metric: AnyMetric;
      readonly subcountId: string | null;
    }
  | {
      readonly form: "category";
      readonly daily: DailyPlan;
      readonly categories: readonly Category[];
      /** The widgets to whose needs the answer is cut down; null where it is whole. */
      readonly widgets: readonly string[] | null;
    }
  /** One answer, or one per breakdown where several were asked for. */
  | { readonly form: "columns"; readonly plans: readonly ColumnsPlan[]; readonly single: boolean }
  | { readonly form: "records"; readonly list: RecordListPlan }
  | { readonly form: "record-usage"; readonly usage: RecordUsagePlan };

/** A request as parsed, before its community is looked up. */
export interface QueryRequest {
  readonly query: NamedQuery;
  readonly parameters: QueryParameters;
}

/** @throws BadRequestError for names and values that are not offered. */
export function parseRequest(name: string, given: Readonly<Record<string, unknown>>): QueryRequest {
  const query = queryNamed(name);
  if (query !== undefined) return { query, parameters: requireParameters(query, given) };
  throw new BadRequestError(
    "UNKNOWN_QUERY",
    `There is no query "${shorten(name)}".`,
    `${nearest(name, QUERY_NAMES)}Use one of: ${QUERY_NAMES.join(", ")}.`,
  );
}

function requireParameters(query: NamedQuery, given: Readonly<Record<string, unknown>>): QueryParameters {
  const parameters = parseParameters(query.form, query.name, given);
  const missing = query.required?.find((name) => !(name in parameters));
  if (missing === undefined) return parameters;
  throw new BadRequestError(
    "MISSING_PARAMETER",
    `The query ${query.name} needs the parameter "${missing}".`,
    `Add ${missing}.`,
  );
}

const QUERY_NAMES = QUERIES.map((known) => known.name);

/** What a plan depends on beside the request. */
export interface PlanContext {
  readonly breakdowns: readonly Breakdown[];
  readonly scope: PlannedScope & Partial<RecordScope>;
  /** The layout of the scope's own dashboard. */
  readonly layout: LayoutDocument;
  /** Most days of a range; by default those of 300 years. */
  readonly rangeDays?: number | undefined;
}

export function planQuery({ query, parameters }: QueryRequest, context: PlanContext): QueryPlan {
  const { scope, breakdowns } = context;
  const asked = parseRange(parameters.start_date, parameters.end_date, context.rangeDays);
  if (query.form === "records" || query.form === "record-usage") {
    const { key, code, isRestricted = false } = scope;
    return planRecords(query, { scope: { key, code, isRestricted }, asked }, parameters);
  }
  const common = { scope: { key: scope.key, code: scope.code }, asked, basis: basisOf(query, parameters) };
  if (query.side === null || query.kind === null) return { form: "composite", parts: compositeParts(common) };
  const daily: DailyPlan = { ...common, side: query.side, kind: query.kind };
  if (query.form === "documents") return { form: "documents", daily };
  refuseColumnsParameters(query, parameters);
  refuseVoid(query.name, parameters);
  if (parameters.shape !== undefined) return planColumns(daily, parameters, breakdowns);
  const categories = categoriesOf(daily.side, daily.kind, breakdowns);
  if (query.form === "series") return planSeries(daily, parameters, categories);
  const chosen = chosenCategories(daily, parameters, categories);
  const components = chosenComponents(parameters, context.layout);
  return {
    form: "category",
    daily,
    categories: components === null ? chosen : chosen.map((category) => cutToNeeds(category, components, daily)),
    widgets: components?.map((component) => componentText(component)) ?? null,
  };
}

function planRecords(
  query: NamedQuery,
  common: { readonly scope: RecordScope; readonly asked: DailyPlan["asked"] },
  parameters: QueryParameters,
): QueryPlan {
  if (query.form === "records") return { form: "records", list: planRecordList(query, common, parameters) };
  refuseVoid(query.name, parameters);
  const granularity = granularityOf(parameters.granularity ?? "day");
  const axis = shapeOf(parameters.shape ?? "columns") === "columns";
  return { form: "record-usage", usage: planRecordUsage(common, parameters, { granularity, axis }) };
}

type Common = Omit<DailyPlan, "side" | "kind">;

function compositeParts(common: Common): Readonly<Record<string, DailyPlan>> {
  return {
    [`record_deltas_${common.basis}`]: { ...common, side: "records", kind: "delta" },
    [`record_snapshots_${common.basis}`]: { ...common, side: "records", kind: "snapshot" },
    usage_deltas: { ...common, side: "usage", kind: "delta" },
    usage_snapshots: { ...common, side: "usage", kind: "snapshot" },
  };
}

/** A name that ends in `-added` is the original's only one and leaves the choice to the parameter; the other names are fixed. */
function basisOf(query: NamedQuery, { date_basis: given }: QueryParameters): Basis {
  const named = query.basis ?? "added";
  if (given === undefined) return named;
  const basis = BASES.find((known) => known === given);
  if (basis !== undefined && (named === "added" || named === basis)) return basis;
  throw new BadRequestError(
    "UNKNOWN_BASIS",
    basis === undefined
      ? `There is no date_basis "${shorten(given)}".`
      : `The query ${query.name} does not answer by date_basis "${basis}".`,
    basis === undefined ? `Use one of: ${BASES.join(", ")}.` : "Leave date_basis out, or ask the query of that basis.",
  );
}

function planSeries(daily: DailyPlan, parameters: QueryParameters, categories: readonly Category[]): QueryPlan {
  const metric = metricOf(daily.side, parameters.metric ?? (daily.side === "usage" ? "views" : "records"));
  const category = categoryNamed(categories, parameters.category ?? "global", metric);
  checkMetric(category, metric);
  return { form: "series", daily, category, metric, subcountId: parameters.subcount_id ?? null };
}

function checkMetric(category: Category, metric: AnyMetric): void {
  if (category.metrics.some((known) => known.name === metric.name)) return;
  throw new BadRequestError(
    "UNKNOWN_METRIC",
    `The category "${category.name}" has no metric "${metric.name}".`,
    `Use one of: ${category.metrics.map((known) => known.name).join(", ")}.`,
  );
}

/** `category` and `breakdowns` choose categories, `metric` and `metrics` what they hold. */
function chosenCategories(
  { side }: DailyPlan,
  parameters: QueryParameters,
  categories: readonly Category[],
): readonly Category[] {
  const names = parameters.category === undefined ? undefined : [parameters.category];
  const chosen = names?.map((name) => categoryNamed(categories, name, null)) ?? categories;
  if (parameters.metric === undefined) return chosen;
  const metric = metricOf(side, parameters.metric);
  if (parameters.category !== undefined) for (const category of chosen) checkMetric(category, metric);
  return chosen.map((category) => ({
    ...category,
    metrics: category.metrics.filter((known) => known.name === metric.name),
  }));
}

const ONLY_IN_COLUMNS = ["granularity", "metrics", "breakdowns", "values", "top"] as const;

function refuseColumnsParameters(query: NamedQuery, parameters: QueryParameters): void {
  if (parameters.shape !== undefined) return;
  const given = ONLY_IN_COLUMNS.find((name) => parameters[name] !== undefined);
  if (given === undefined) return;
  throw new BadRequestError(
    "NEEDS_COLUMNS",
    `The parameter "${given}" of ${query.name} needs the columns shape.`,
    "Add shape=columns, or leave it out.",
  );
}

const DEFAULT_TOP = 10;

function planColumns(daily: DailyPlan, parameters: QueryParameters, breakdowns: readonly Breakdown[]): QueryPlan {
  const shape = shapeOf(parameters.shape ?? "");
  const names = parameters.breakdowns ?? (parameters.category === undefined ? [] : [parameters.category]);
  const chosen = names.map((name) => (name === "global" ? null : columnsBreakdown(daily.side, name, breakdowns)));
  const plan = {
    ...daily,
    granularity: granularityOf(parameters.granularity ?? "day"),
    metrics: columnsMetrics(daily.side, parameters),
    values: parameters.values ?? (parameters.subcount_id === undefined ? null : [parameters.subcount_id]),
    top: parameters.top ?? DEFAULT_TOP,
    axis: shape === "columns",
  };
  const plans = (chosen.length === 0 ? [null] : chosen).map((breakdown): ColumnsPlan => ({ ...plan, breakdown }));
  return { form: "columns", plans, single: plans.length === 1 };
}

function columnsBreakdown(side: Side, name: string, breakdowns: readonly Breakdown[]): Breakdown {
  if (side === "records" && snakeCase(name) === PRESENCE.name) return PRESENCE;
  return breakdownNamed(breakdowns, side, name);
}

function shapeOf(text: string): "columns" | "totals" {
  if (text === "columns" || text === "totals") return text;
  throw new BadRequestError("UNKNOWN_SHAPE", `There is no shape "${shorten(text)}".`, "Use columns or totals.");
}

function columnsMetrics(side: Side, parameters: QueryParameters): readonly AnyMetric[] {
  const names = parameters.metrics ?? [parameters.metric ?? (side === "usage" ? "views" : "records")];
  const metrics = names.map((name) => metricOf(side, name));
  return metrics.filter((metric, index) => metrics.findIndex((other) => other.name === metric.name) === index);
}

function granularityOf(text: string): Granularity {
  const granularity = GRANULARITIES.find((known) => known === text);
  if (granularity !== undefined) return granularity;
  throw new BadRequestError(
    "UNKNOWN_GRANULARITY",
    `There is no granularity "${shorten(text)}".`,
    `${nearest(text, GRANULARITIES)}Use one of: ${GRANULARITIES.join(", ")}.`,
  );
}
