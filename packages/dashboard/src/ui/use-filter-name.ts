import type { ColumnsRequest } from "@community-stats/contract/series.ts";
import { useQuery } from "@tanstack/react-query";
import { columnsQuery } from "../api/queries.ts";
import { breakdownTitle, valueName } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage, type Page } from "../state/page-context.ts";
import type { Filter } from "../state/page-state.ts";

export interface FilterName {
  readonly breakdown: string;
  readonly name: string;
}

/** What the page's filter is called. Its id stands in until the service has told its name. */
export function useFilterName(): FilterName | null {
  const words = useWords();
  const page = usePage();
  const { config, state } = page;
  const { filter } = state;
  const fixed = filter !== null && config.value?.breakdown === filter.breakdown && config.value.id === filter.value;
  const asked = labelRequest(page, filter ?? NOTHING);
  const { data } = useQuery({ ...columnsQuery(config.apiBase, asked), enabled: filter !== null && !fixed });
  if (filter === null) return null;
  const told = data?.series.find(({ kind, id }) => kind === "value" && id === filter.value)?.label;
  const label = fixed ? config.value?.label : told;
  return {
    breakdown: breakdownTitle(words, filter.breakdown),
    name: valueName(words, filter.breakdown, { id: filter.value, label: label ?? "" }),
  };
}

const NOTHING: Filter = { breakdown: "", value: "" };

/** One number of the value up to the last day of the range; the answer carries the name. */
function labelRequest({ config, range, state }: Page, { breakdown, value }: Filter): ColumnsRequest {
  const ofRecords = config.breakdowns.find(({ name }) => name === breakdown)?.records ?? false;
  return {
    scope: config.scope,
    side: ofRecords ? "records" : "usage",
    kind: "snapshot",
    basis: "added",
    from: range.from,
    to: range.to,
    granularity: state.granularity,
    metrics: [ofRecords ? "records" : "views"],
    breakdown,
    values: [value],
    shape: "totals",
  };
}
