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

/** A file as it came, and what to call it. */
export interface Report {
  readonly name: string;
  readonly blob: Blob;
}

/** All numbers of a scope and range, day by day, as the server writes and names them. @param arrived is told how many bytes there are so far. */
export async function downloadReport(
  request: ReportRequest,
  arrived: (bytes: number) => void = () => undefined,
): Promise<Report> {
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
  const named = attachmentName(response.headers.get("content-disposition"));
  return { name: named ?? ownName(request), blob: await counted(response, arrived).blob() };
}

/** The same answer, whose bytes are counted on their way. */
function counted(response: Response, arrived: (bytes: number) => void): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (part, controller) => {
      bytes += part.byteLength;
      arrived(bytes);
      controller.enqueue(part);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: response.headers });
}

/** The file's name in a Content-Disposition, without any folders; null where it names none. */
export function attachmentName(disposition: string | null): string | null {
  const named = /;\s*filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1];
  return named?.split(/[/\\]/).at(-1)?.trim() || null;
}

/** For answers that are no attachments (JSON) and for proxies that drop the header: named as the server would. */
function ownName({ scope, from, to, format }: ReportRequest): string {
  return `stats_${scope}_${from}_to_${to}.${ENDING[format]}`;
}
