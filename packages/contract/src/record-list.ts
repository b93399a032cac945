import { numberProp, type AskingPage } from "./asking.ts";
import type { AddressedRequest } from "./columns-address.ts";
import type { RecordsSpec } from "./widgets.ts";

/** What a widget asks a list of the most used records for, all versions of a work together. */
export interface RecordListRequest {
  readonly metric: "views" | "downloads";
  /** "global" or the community's id. */
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

const DEFAULT_ROWS = 6;
const MOST_ROWS = 50;

/** The question of a list about the page's scope and range: prop `pageSize` says how many records it shows. */
export function recordListRequest(
  { scope, range }: Pick<AskingPage, "scope" | "range">,
  { data }: RecordsSpec,
  props: Readonly<Record<string, unknown>>,
): RecordListRequest {
  return {
    metric: data.metric === "downloads" ? "downloads" : "views",
    scope,
    from: range.from,
    to: range.to,
    limit: numberProp(props, "pageSize", { least: 1, most: MOST_ROWS }) ?? DEFAULT_ROWS,
  };
}

const QUERIES = { views: "most-viewed-records", downloads: "most-downloaded-records" } as const;

/** As the API takes it. The same request always gives the same text. */
export function addressedRecordList({ metric, scope, from, to, limit }: RecordListRequest): AddressedRequest {
  return {
    query: QUERIES[metric],
    parameters: [
      ["community_id", scope],
      ["start_date", from],
      ["end_date", to],
      ["limit", String(limit)],
    ],
  };
}
