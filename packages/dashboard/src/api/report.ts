import { ApiError } from "./http.ts";

export const REPORT_FORMATS = ["csv", "excel", "json", "xml"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportRequest {
  readonly apiBase: string;
  readonly scope: string;
  readonly from: string;
  readonly to: string;
  readonly format: ReportFormat;
}

const ACCEPT: Readonly<Record<ReportFormat, string>> = {
  csv: "text/csv",
  excel: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  json: "application/json",
  xml: "application/xml",
};
const ENDING: Readonly<Record<ReportFormat, string>> = { csv: "tar.gz", excel: "xlsx", json: "json", xml: "xml" };

const QUERIES = [
  "usage-snapshot-category",
  "usage-delta-category",
  "record-snapshot-category",
  "record-delta-category",
] as const;

export function reportName({ scope, from, to, format }: ReportRequest): string {
  return `stats_series_${scope}_${from}_to_${to}.${ENDING[format]}`;
}

/** All numbers of a scope and range, day by day, as the server writes them. */
export async function downloadReport(request: ReportRequest): Promise<Blob> {
  const params = { community_id: request.scope, start_date: request.from, end_date: request.to };
  const body = Object.fromEntries(QUERIES.map((stat) => [stat, { stat, params }]));
  const response = await fetch(request.apiBase, {
    method: "POST",
    headers: { "content-type": "application/json", accept: ACCEPT[request.format] },
    body: JSON.stringify(body),
    credentials: "same-origin",
  }).catch(() => {
    throw new ApiError("network", {});
  });
  if (!response.ok) throw new ApiError("status", { status: response.status });
  return response.blob();
}
