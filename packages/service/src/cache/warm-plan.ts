import { dayNumberOf, dayFromNumber, parseDay, type Day, type Instant } from "@community-stats/contract/days.ts";
import type { FirstPage } from "@community-stats/contract/first-view.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { ownLayout } from "@community-stats/contract/layout-schema.ts";
import type { Config } from "../config/config.ts";
import type { CommunityLine } from "../engine/facts.ts";
import type { Queries } from "../query/queries.ts";
import { OPERATOR, VISITOR } from "../query/scopes.ts";

/** The queries of a year that clients of the original's API ask, in its order. */
export const YEAR_QUERIES = [
  "usage-snapshot-category",
  "usage-delta-category",
  "record-snapshot-category",
  "record-delta-category",
] as const;

export interface WarmScope {
  /** "global" or the community's id. */
  readonly key: string;
  /** "global" or the slug. */
  readonly name: string;
  readonly page: FirstPage;
  /** Years with numbers; empty where there are none. */
  readonly years: readonly number[];
}

/** One step of warming: what a dashboard shows at first, or one query about a year. */
export type WarmItem =
  | { readonly kind: "view"; readonly scope: WarmScope }
  | { readonly kind: "year"; readonly scope: WarmScope; readonly year: number; readonly query: string };

export interface WarmChoice {
  /** Only these years; null for all that a scope has. */
  readonly years: ReadonlySet<number> | null;
  /** What the dashboards show at first. */
  readonly views: boolean;
  /** The queries of years. */
  readonly blocks: boolean;
}

/** What dashboards show comes first, then years from the newest on: a past year must not keep the present one waiting. */
export function warmItems(scopes: readonly WarmScope[], { years, views, blocks }: WarmChoice): readonly WarmItem[] {
  const first = views ? scopes.map((scope): WarmItem => ({ kind: "view", scope })) : [];
  const byYear = blocks ? scopes.flatMap((scope) => yearItems(scope, years)) : [];
  return [...first, ...byYear.toSorted((a, b) => b.year - a.year)];
}

type YearItem = Extract<WarmItem, { kind: "year" }>;

function yearItems(scope: WarmScope, wanted: ReadonlySet<number> | null): readonly YearItem[] {
  const years = scope.years.filter((year) => wanted === null || wanted.has(year));
  return years.flatMap((year) => YEAR_QUERIES.map((query): YearItem => ({ kind: "year", scope, year, query })));
}

export interface WarmScopesOptions {
  readonly queries: Queries;
  readonly config: Pick<Config, "dashboard">;
  /** Ids or slugs; empty: the repository and every community that anybody may read. */
  readonly names: readonly string[];
  readonly now: number;
}

/** @throws UnknownScopeError for a name that no community has. */
export async function warmScopes({ queries, config, names, now }: WarmScopesOptions): Promise<readonly WarmScope[]> {
  const chosen = names.length > 0 ? await namedScopes(queries, names) : await openScopes(queries);
  const today = dayFromNumber(dayNumberOf(now as Instant));
  const report = await queries.report(
    chosen.map(({ key }) => key),
    OPERATOR,
  );
  const breakdowns = await queries.breakdowns();
  const firstDays = new Map(
    report.scopes.map(({ id, aggregations }) => [id, aggregations.flatMap(({ firstDay }) => firstDay ?? [])]),
  );
  return chosen.map(({ key, community }) => ({
    key,
    name: community?.slug ?? key,
    page: firstPage(config, { key, community, today: dayIn(today), breakdowns }),
    years: yearsFrom(firstDays.get(key)?.toSorted()[0] ?? null, today),
  }));
}

type Chosen = { readonly key: string; readonly community: CommunityLine | null };

async function namedScopes(queries: Queries, names: readonly string[]): Promise<readonly Chosen[]> {
  const found = new Map<string, Chosen>();
  for (const name of names) {
    const scope = await queries.scopes.resolve(name, OPERATOR);
    found.set(scope.key, scope);
  }
  return [...found.values()];
}

async function openScopes(queries: Queries): Promise<readonly Chosen[]> {
  const communities = (await queries.scopes.readable(VISITOR)).map((community) => ({ key: community.id, community }));
  const global = queries.scopes.isOffered(null, VISITOR) ? [{ key: GLOBAL_KEY, community: null }] : [];
  return [...global, ...communities];
}

/** As pages are configured (http/page-config.ts). */
function firstPage(
  { dashboard }: Pick<Config, "dashboard">,
  { key, community, today, breakdowns }: Chosen & Pick<FirstPage, "breakdowns"> & { today: Day },
): FirstPage {
  const settings = community === null ? dashboard.global : dashboard.community;
  const { layoutGlobal, layoutCommunity, defaultRangeOptions, fiscalYearStart } = dashboard;
  return {
    scope: key,
    layout: community === null ? layoutGlobal : (ownLayout(community.layout) ?? layoutCommunity),
    granularity: settings.defaultGranularity,
    rangeOptions: defaultRangeOptions,
    bounds: { today, maxHistoryYears: settings.maxHistoryYears, fiscalYearStart },
    breakdowns,
  };
}

/** Oldest first, to the present one. */
function yearsFrom(firstDay: string | null, today: string): readonly number[] {
  if (firstDay === null) return [];
  const [first, last] = [Number(firstDay.slice(0, 4)), Number(today.slice(0, 4))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`"${text}" is not a day.`);
  return day;
}
