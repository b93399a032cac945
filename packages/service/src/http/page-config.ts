import { dayOf, type Instant } from "@community-stats/contract/days.ts";
import { ownLayout } from "@community-stats/contract/layout.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import type { Config } from "../config/config.ts";
import type { CommunityLine } from "../engine/facts.ts";
import { howWeCountPath } from "./paths.ts";
import { DASHBOARD_API_PATH } from "./stats-routes.ts";
import { isSwitchedOn } from "../query/switches.ts";

export type PageSource = Pick<Config, "enabled" | "dashboard" | "repositoryTitle" | "siteUrl" | "binarySizes">;

export interface PageMoment {
  readonly now: number;
  readonly generated: boolean;
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
    uiBreakdowns: dashboard.uiBreakdowns,
    binarySizes: source.binarySizes,
    locale: "en",
    apiBase: DASHBOARD_API_PATH,
    today: dayOf(instant(moment.now)),
    helpUrl: howWeCountPath(dashboard.routes.global),
    generated: moment.generated,
  };
}

function instant(ms: number): Instant {
  return ms as Instant;
}

function disabledMessage({ enabled, dashboard, repositoryTitle }: PageSource, community: CommunityLine | null): string {
  const ofCommunity = enabled && community !== null && dashboard.enabledCommunity && dashboard.enabledGlobal;
  if (ofCommunity) return dashboard.disabledMessageCommunity;
  return dashboard.disabledMessageGlobal.replaceAll("{title}", () => repositoryTitle);
}
