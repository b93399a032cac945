import type { ColumnsRequest } from "./series.ts";

/** A columns request as the API takes it: the name of the query and its parameters. The same request always gives the same text. */
export interface AddressedRequest {
  readonly query: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

export function addressedRequest(request: ColumnsRequest): AddressedRequest {
  const { side, kind, basis, breakdown, top, values } = request;
  return {
    query: `${side === "records" ? "record" : "usage"}-${kind}-category`,
    parameters: [
      ["community_id", request.scope],
      ["start_date", request.from],
      ["end_date", request.to],
      ["granularity", request.granularity],
      ["metrics", request.metrics.join(",")],
      ...(side === "records" ? [["date_basis", basis] as const] : []),
      ...(breakdown === null ? [] : [["breakdowns", breakdown] as const]),
      ...(top === undefined ? [] : [["top", String(top)] as const]),
      ...(values === undefined ? [] : [["values", listText(values)] as const]),
      ["shape", request.shape === "totals" ? "totals" : "columns"],
    ],
  };
}

/** Ids may hold commas, so such a list goes as JSON. */
function listText(values: readonly string[]): string {
  return values.some((value) => /[,[]/.test(value)) ? JSON.stringify(values) : values.join(",");
}
