import { howWeCountPath } from "@community-stats/contract/how-we-count.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";

/** Where it is said what each number means: our own page in the language that is read here, or the repository's; null: nowhere. */
export function helpAddress(
  { helpUrl, globalPath }: Pick<PageConfig, "helpUrl" | "globalPath">,
  language: string,
): string | null {
  return helpUrl === howWeCountPath(globalPath) ? `${helpUrl}?lang=${language}` : helpUrl;
}
