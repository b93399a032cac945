import { StatsError, type Problem } from "@community-stats/contract/problems.ts";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { EntryError } from "../cache/answering.ts";
import { shorten } from "../query/parameters.ts";

/** The address does not exist. */
export class NotFoundError extends StatsError {
  readonly code = "NOT_FOUND";
  readonly status = 404;
  readonly hint = "The statistics API answers at /api/stats and /api/stats-dashboard.";
  constructor(path: string) {
    super(`There is nothing at ${path.length > 200 ? `${path.slice(0, 197)}…` : path}.`);
  }
}

/** The address exists, but not for this method. */
export class MethodNotAllowedError extends StatsError {
  readonly code = "METHOD_NOT_ALLOWED";
  readonly status = 405;
  readonly hint: string;
  constructor(method: string, allowed: readonly string[]) {
    super(`This address does not answer to ${method}.`);
    this.hint = `Use ${allowed.join(" or ")}.`;
  }
}

interface Row {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}

const UNKNOWN_REFUSAL: Row = {
  code: "MALFORMED_REQUEST",
  detail: "The request cannot be read.",
  hint: "Send a JSON object as the body, and an address without broken % signs.",
};

/** What the web framework refuses before a route sees it, by status. */
const REFUSALS: Readonly<Record<number, Row>> = {
  400: UNKNOWN_REFUSAL,
  408: { code: "REQUEST_TIMEOUT", detail: "The request did not arrive in time.", hint: "Send it again." },
  413: { code: "BODY_TOO_LARGE", detail: "The body is too large.", hint: "Ask for fewer queries in one request." },
  414: { code: "ADDRESS_TOO_LONG", detail: "The address is too long.", hint: "Send the query by POST." },
  415: {
    code: "UNSUPPORTED_MEDIA_TYPE",
    detail: "The body is not declared as JSON.",
    hint: "Send the header Content-Type: application/json.",
  },
  429: { code: "TOO_MANY_REQUESTS", detail: "Too many requests.", hint: "Wait for the time that Retry-After names." },
  431: { code: "HEADERS_TOO_LARGE", detail: "The headers are too large.", hint: "Send fewer or shorter headers." },
};

/** What of a request cannot be read, by the framework's code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is declared as JSON, but nothing is in it.",
  FST_ERR_CTP_INVALID_JSON_BODY:
    "The body is declared as JSON, but it is not JSON, is cut off, or has a member __proto__.",
  FST_ERR_BAD_URL: "The address holds a % sign that begins no character of UTF-8.",
};

const BUG: Row = {
  code: "INTERNAL",
  detail: "The request could not be answered because of a fault in the service.",
  hint: "Tell the operators the x-request-id of this response; their log holds the cause.",
};

/** Codes that this file gives out; docs/errors.md lists them with all others. */
export const HTTP_CODES: readonly string[] = [
  ...Object.values(REFUSALS).map(({ code }) => code),
  BUG.code,
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
];

/** The problem of an error. Only what a caller can correct shows its text; everything else goes to the log. */
export function problemOf(error: unknown, log: FastifyBaseLogger): Problem {
  if (error instanceof EntryError) return { ...problemOf(error.cause, log), entry: shorten(error.entry) };
  if (error instanceof StatsError && (error.status < 500 || error.status === 503)) return error.toProblem();
  const status = statusOf(error);
  if (status !== null) return { ...refusalProblem(status), ...unreadable(error) };
  log.error({ err: error }, "request failed");
  return rowProblem(error instanceof StatsError ? { ...BUG, code: error.code } : BUG, 500);
}

/** The problem of what the server refuses before there is a request. */
export function refusalProblem(status: number): Problem {
  return rowProblem(REFUSALS[status] ?? UNKNOWN_REFUSAL, status);
}

function rowProblem({ code, detail, hint }: Row, status: number): Problem {
  return { type: `about:blank#${code}`, title: code, status, detail, code, hint };
}

function unreadable(error: unknown): Partial<Row> {
  const detail = error instanceof Error && "code" in error ? UNREADABLE[String(error.code)] : undefined;
  return detail === undefined ? {} : { detail };
}

/** The client-side status that the framework gave an error, if any. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("statusCode" in error)) return null;
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 ? statusCode : null;
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .header("cache-control", "no-store")
    .header("x-request-id", request.id)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}
