import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { LabelSpan } from "../engine/rollup-store.ts";

/** The history with the values of these breakdowns alone. */
export function historyOf(breakdowns: readonly Breakdown[], history: RecordHistory): RecordHistory {
  const names = namesOf(breakdowns);
  return { ...history, values: history.values.filter(({ breakdown }) => names.has(breakdown)) };
}

export function labelsOf(breakdowns: readonly Breakdown[], labels: readonly LabelSpan[]): readonly LabelSpan[] {
  const names = namesOf(breakdowns);
  return labels.filter(({ breakdown }) => names.has(breakdown));
}

function namesOf(breakdowns: readonly Breakdown[]): ReadonlySet<string> {
  return new Set(breakdowns.map(({ name }) => name));
}
