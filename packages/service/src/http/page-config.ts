import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { dayOf, type Instant } from "@community-stats/contract/days.ts";
import { howWeCountPath } from "@community-stats/contract/how-we-count.ts";
import { ownLayout } from "@community-stats/contract/layout-schema.ts";
import type { MenuEntry, PageBreakdown, PageConfig, PageValue } from "@community-stats/contract/page.ts";
import { valueLayout } from "@community-stats/contract/value-page.ts";
import type { Config } from "../config/config.ts";
import type { CommunityLine } from "../engine/facts.ts";
import { routePath } from "./paths.ts";
import { DASHBOARD_API_PATH } from "./stats-routes.ts";
import { isSwitchedOn } from "../query/switches.ts";

export type PageSource = Pick<Config, "enabled" | "dashboard" | "repositoryTitle" | "siteUrl" | "binarySizes">;

export interface PageMoment {
  readonly now: number;
  readonly generated: boolean;
  /** Those that the numbers are counted by. */
  readonly breakdowns: readonly Breakdown[];
}

/** What the page of the repository (`community` null) or of a community is given. */
export function pageConfig(source: PageSource, community: CommunityLine | null, moment: PageMoment): PageConfig {
  const { dashboard, repositoryTitle } = source;
  const page = community === null ? dashboard.global : dashboard.community;
  return {
    dashboardType: community === null ? "global" : "community",
    scope: community?.id ?? "global",
    slug: community?.slug ?? null,
    scopeTitle: community?.title ?? repositoryTitle,
    repositoryTitle,
    repositoryUrl: source.siteUrl === "" ? null : source.siteUrl.replace(/\/+$/, ""),
    enabled: isSwitchedOn(source, community),
    disabledMessage: disabledMessage(source, community),
    layout: community === null ? dashboard.layoutGlobal : (ownLayout(community.layout) ?? dashboard.layoutCommunity),
    title: page.title,
    description: page.description,
    showTitle: page.showTitle,
    showDescription: page.showDescription,
    maxHistoryYears: page.maxHistoryYears,
    defaultGranularity: page.defaultGranularity,
    defaultRangeOptions: dashboard.defaultRangeOptions,
    fiscalYearStart: dashboard.fiscalYearStart,
    uiBreakdowns: dashboard.uiBreakdowns,
    binarySizes: source.binarySizes,
    locale: "en",
    apiBase: DASHBOARD_API_PATH,
    today: dayOf(instant(moment.now)),
    helpUrl: helpUrl(dashboard),
    generated: moment.generated,
    breakdowns: moment.breakdowns.map(pageBreakdown),
    value: null,
    menu: pageMenu(source, community),
    globalPath: routePath(dashboard.routes.global),
    communityPath: routePath(dashboard.routes.community).replace(/:\w+/, "{slug}"),
  };
}

function helpUrl({ frame: { help }, routes }: PageSource["dashboard"]): string | null {
  switch (help.kind) {
    case "own":
      return howWeCountPath(routePath(routes.global));
    case "address":
      return help.address;
    case "none":
      return null;
    default:
      return help satisfies never;
  }
}

/** The page of a scope, narrowed to one value of a breakdown. */
export function valuePageConfig(page: PageConfig, value: PageValue): PageConfig {
  const breakdown = page.breakdowns.find(({ name }) => name === value.breakdown);
  return { ...page, value, layout: valueLayout(breakdown ?? { records: true, usage: true }) };
}

/** The entry of the main menu, and on a community's page that of its own. */
function pageMenu({ dashboard }: PageSource, community: CommunityLine | null): readonly MenuEntry[] {
  const { main, community: own } = dashboard.frame.menu;
  const path = routePath(dashboard.routes.community).replace(/:\w+/, () => encodeURIComponent(community?.slug ?? ""));
  const entries = [
    { setting: main, href: routePath(dashboard.routes.global), current: community === null },
    ...(community === null ? [] : [{ setting: own, href: path, current: true }]),
  ];
  return entries
    .filter(({ setting }) => setting.enabled)
    .toSorted((a, b) => a.setting.order - b.setting.order)
    .map(({ setting: { text, endpoint }, href, current }) => ({
      text,
      href: /^(?:\/|https?:)/.test(endpoint) ? endpoint : href,
      current,
    }));
}

function pageBreakdown({ name, records, usage, multiple }: Breakdown): PageBreakdown {
  return { name, records: records !== null, usage: usage !== null, several: multiple };
}

function instant(ms: number): Instant {
  return ms as Instant;
}

function disabledMessage({ enabled, dashboard, repositoryTitle }: PageSource, community: CommunityLine | null): string {
  const ofCommunity = enabled && community !== null && dashboard.enabledCommunity && dashboard.enabledGlobal;
  if (ofCommunity) return dashboard.disabledMessageCommunity;
  return dashboard.disabledMessageGlobal.replaceAll("{title}", () => repositoryTitle);
}
