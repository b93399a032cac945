import type { PageConfig } from "@community-stats/contract/page.ts";
import { valuePath } from "@community-stats/contract/value-page.ts";
import { dashboardPath } from "../state/dashboard-path.ts";

/** Whose dashboards the pages of values stand below, and where its records are found. */
export type ValuePlace = Pick<PageConfig, "scope" | "slug" | "globalPath" | "communityPath" | "repositoryUrl">;

/** Address of the page about a value. */
export function pageLink(breakdown: string, id: string, place: ValuePlace): string {
  return valuePath(dashboardPath(place, { key: place.scope, slug: place.slug }), { breakdown, id });
}
