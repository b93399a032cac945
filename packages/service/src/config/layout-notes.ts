import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { layoutProblems, type CellProblem, type LayoutProblem } from "@community-stats/contract/layout-problems.ts";

export const LAYOUT = "STATS_DASHBOARD_LAYOUT";

/** What the layouts of the configuration ask for and the pages leave out, in words. */
export function layoutNotes(layouts: unknown, place: string): readonly string[] {
  if (typeof layouts !== "object" || layouts === null) return [];
  return Object.entries(layouts as Readonly<Record<string, LayoutDocument | null | undefined>>).flatMap(
    ([name, document]) =>
      document === null || document === undefined
        ? []
        : layoutProblems(document).map((found) => noteText(`${LAYOUT}.${name}`, place, found)),
  );
}

function noteText(layout: string, place: string, { tab, row, problem }: LayoutProblem): string {
  return `${layout} (${place}), tab ${tab}, row ${row}: ${problemText(problem)}`;
}

function problemText(problem: CellProblem): string {
  switch (problem.kind) {
    case "component":
      return `there is no widget ${problem.component}. ${guess(problem.near)}`;
    case "prop":
      return `${problem.component} has no setting ${problem.prop}. ${guess(problem.near)}`;
    case "value":
      return `${problem.prop} of ${problem.component} cannot be ${problem.value}. It may be ${problem.takes}.`;
  }
}

function guess(near: string | null): string {
  return near === null ? "docs/widgets.md lists all." : `Did you mean ${near}?`;
}
