import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { PROBLEM_TYPE, refusalProblem } from "./problems.ts";

/** Statuses by Node's code of what never becomes a request; everything else cannot be read. */
const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** What arrives too late, is too long or is no HTTP gets its problem, too, written by hand: there is no request that could be replied to. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const status = STATUSES[error.code ?? ""] ?? 400;
  const body = JSON.stringify(refusalProblem(status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
  ];
  if (socket.writable) socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroy(error);
}
