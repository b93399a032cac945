import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";

export interface FocusValue {
  readonly breakdown: string;
  readonly value: string;
}

/** The same question about one value of a breakdown only. */
export function narrowed(request: ColumnsRequest, focus: FocusValue | null): ColumnsRequest {
  if (focus === null) return request;
  return { ...request, breakdown: focus.breakdown, values: [focus.value], top: 1 };
}

/** An answer about one value, as if that value were everything. */
export function focused(answer: ColumnsAnswer, focus: FocusValue | null): ColumnsAnswer {
  if (focus === null) return answer;
  const found = answer.series.find(({ kind, id }) => kind === "value" && id === focus.value);
  return { ...answer, breakdown: null, series: found === undefined ? [] : [{ ...found, kind: "total" }] };
}
