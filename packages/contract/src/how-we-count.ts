import type { PageConfig } from "./page.ts";

/** Where it is said what each number means; for a route as well as an address. @param dashboard of the repository */
export function howWeCountPath(dashboard: string): string {
  return `${dashboard.replace(/\/$/, "")}/how-we-count`;
}

/** Where it is said what each number means: our own page in the language that is read here, or the repository's; null: nowhere. */
export function helpAddress(
  { helpUrl, globalPath }: Pick<PageConfig, "helpUrl" | "globalPath">,
  language: string,
): string | null {
  return helpUrl === howWeCountPath(globalPath) ? `${helpUrl}?lang=${language}` : helpUrl;
}
