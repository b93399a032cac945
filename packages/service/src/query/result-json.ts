import type { StatsDocument } from "@community-stats/contract/documents.ts";
import type { WireSeries } from "@community-stats/contract/series.ts";
import type { QueryResult } from "./run-plan.ts";

/** The JSON text of a result in pieces, so that many documents are never in memory at once. */
export function* resultJson(result: QueryResult): Generator<string> {
  switch (result.form) {
    case "documents":
      yield* listJson(result.documents);
      return;
    case "composite":
      yield* objectJson(Object.entries(result.parts).map(([name, documents]) => [name, () => listJson(documents)]));
      return;
    case "series":
      yield* listJson(result.series);
      return;
    case "category":
      yield* objectJson(Object.entries(result.result).map(([name, metrics]) => [name, () => metricsJson(metrics)]));
      return;
    case "columns":
    case "records":
      yield JSON.stringify(result.answer);
      return;
    default:
      result satisfies never;
  }
}

/** An object whose values are written when their turn comes. */
export function* objectJson(
  members: readonly (readonly [name: string, value: () => Iterable<string>])[],
): Generator<string> {
  let before = "{";
  for (const [name, value] of members) {
    yield `${before}${JSON.stringify(name)}:`;
    yield* value();
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function metricsJson(metrics: Readonly<Record<string, readonly WireSeries[]>>): Generator<string> {
  return objectJson(Object.entries(metrics).map(([name, series]) => [name, () => listJson(series)]));
}

/** One item after the other: only one is text at a time. */
function* listJson(items: Iterable<StatsDocument | WireSeries>): Generator<string> {
  let before = "[";
  for (const item of items) {
    yield before + JSON.stringify(item);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}
