import { parseDay, type Day, type DayRange } from "@community-stats/contract/days.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import { createContext, use } from "react";
import type { PageState, StateDefaults } from "./page-state.ts";
import { resolveRange, withChoice, type WidgetChoices } from "./page-state.ts";
import type { Bounds } from "@community-stats/contract/presets.ts";

/** The page as everything on it sees it: what is configured, what is chosen, and how to choose otherwise. */
export interface Page {
  readonly config: PageConfig;
  readonly bounds: Bounds;
  readonly defaults: StateDefaults;
  readonly state: PageState;
  /** The reader's clock, in milliseconds. */
  now(): number;
  /** The chosen days. */
  readonly range: DayRange;
  /** Changes the state and adds a step to the history. */
  update(change: (state: PageState) => PageState): void;
  /** The address under which the present view, or a changed one, is found again. */
  address(change?: (state: PageState) => PageState): string;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = use(PageContext);
  if (page === null) throw new Error("usePage is used outside of a page.");
  return page;
}

/** The day on which the page was made. */
export function todayOf(config: PageConfig): Day {
  const today = parseDay(config.today);
  if (today === null) throw new RangeError(`"${config.today}" is not a day.`);
  return today;
}

export function defaultsOf(config: PageConfig): StateDefaults {
  const { defaultGranularity: granularity, defaultRangeOptions: rangeOptions, value } = config;
  const filter = value === null ? null : { breakdown: value.breakdown, value: value.id };
  return {
    granularity,
    comparison: "year",
    rangeOptions,
    filter,
    breakdowns: config.breakdowns.map(({ name }) => name),
  };
}

export function rangeOf(state: PageState, bounds: Bounds): DayRange {
  return resolveRange(state.range, bounds);
}

const NO_CHOICES: WidgetChoices = {};

/** What the reader chose in one widget, and how to choose. */
export function useChoices(
  id: string,
): readonly [WidgetChoices, (choice: Readonly<Record<string, string | null>>) => void] {
  const { state, update } = usePage();
  return [state.widgets[id] ?? NO_CHOICES, (choice) => update((before) => withChoice(before, id, choice))];
}
