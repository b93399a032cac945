import { YEAR_SHIFT_DAYS } from "@community-stats/contract/other-period.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { otherYear } from "../select/comparison.ts";
import { COMPARISONS, type Comparison } from "../state/comparison.ts";
import { usePage, type Page } from "../state/page-context.ts";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";

/** Against what the numbers are compared. */
export function CompareControl(): ReactNode {
  const words = useWords();
  const page = usePage();
  const { state, update } = page;
  const choose = (value: string): void => {
    const comparison = COMPARISONS.find((name) => name === value);
    if (comparison !== undefined) update((before) => ({ ...before, comparison }));
  };
  return (
    <Menu
      label={words.text("control.compare")}
      className="compare"
      value={state.comparison}
      onChoose={choose}
      choices={COMPARISONS.map((value) => ({ value, label: compareLabel(words, page, value) }))}
    >
      <Icon name="compare" />
      <span className="lead">{words.text("control.compare")}: </span>
      <span className="long">{compareLabel(words, page, state.comparison)}</span>
      <span className="short">{shortLabel(words, page)}</span>
      <Icon name="down" />
    </Menu>
  );
}

export function compareLabel(words: Words, page: Pick<Page, "range" | "state">, comparison: Comparison): string {
  if (comparison === "none") return words.text("control.compareNone");
  if (comparison === "previous") return words.text("control.comparePrevious");
  const year = otherYear(page.range, YEAR_SHIFT_DAYS);
  if (year === null) return words.text("control.compareYear");
  return words.text(page.state.granularity === "week" ? "control.compareWeeksOf" : "control.compareYearOf", { year });
}

function shortLabel(words: Words, page: Page): string {
  switch (page.state.comparison) {
    case "none":
      return words.text("control.compareShortNone");
    case "previous":
      return words.text("control.compareShortPrevious");
    case "year":
      return words.text("control.compareShortYear", { year: otherYear(page.range, YEAR_SHIFT_DAYS) ?? "" });
  }
}
