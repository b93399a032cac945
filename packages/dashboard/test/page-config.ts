import type { PageConfig } from "@community-stats/contract/page.ts";

/** The page of a repository without communities or breakdowns, but for what is said otherwise. */
export function pageConfig(part: Partial<PageConfig>): PageConfig {
  return {
    dashboardType: "global",
    scope: "global",
    slug: null,
    scopeTitle: "Repository",
    repositoryTitle: "Repository",
    repositoryUrl: null,
    enabled: true,
    disabledMessage: "They are off.",
    layout: { tabs: [] },
    title: "Statistics",
    description: "",
    showTitle: true,
    showDescription: false,
    maxHistoryYears: 10,
    fiscalYearStart: 1,
    defaultGranularity: "month",
    defaultRangeOptions: { day: "30days", week: "12weeks", month: "12months", quarter: "4quarters", year: "2years" },
    uiBreakdowns: [],
    binarySizes: false,
    locale: "en",
    apiBase: "/numbers",
    helpUrl: null,
    today: "2026-11-26",
    generated: false,
    breakdowns: [],
    value: null,
    globalPath: "/stats",
    communityPath: "/communities/{slug}/stats",
    menu: [],
    ...part,
  };
}
