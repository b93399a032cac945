import type { PageConfig, ScopeEntry } from "@community-stats/contract/page.ts";

/** Path of the dashboard of a scope. */
export function dashboardPath(
  { globalPath, communityPath }: Pick<PageConfig, "globalPath" | "communityPath">,
  { key, slug }: Pick<ScopeEntry, "key" | "slug">,
): string {
  return key === "global" ? globalPath : communityPath.replace("{slug}", () => encodeURIComponent(slug ?? key));
}
