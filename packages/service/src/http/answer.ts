import type { Freshness } from "@community-stats/contract/series.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Answer, type AnswerRequest, isPlanned } from "../cache/answering.ts";
import { rangeOf } from "../cache/export-content.ts";
import { safeName } from "../export/model.ts";
import { DepartedError } from "./limits-departure.ts";
import { cachePolicy, holds, numbersVersion } from "./caching.ts";

/** Days named in a header. */
const DAYS_IN_HEADER = 60;

export interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Parameter `version` of the address. */
  readonly version: unknown;
}

/** Sends an answer with what is known of its reliability; to GET, only what the caller does not hold already. */
export function sendAnswer(asked: AnswerRequest, answer: Answer, { request, reply, version }: Sending): FastifyReply {
  const { serializer, encoding, entries } = asked;
  const { freshness, etag, body } = answer;
  const isGet = request.method !== "POST";
  const { cookie, authorization } = request.headers;
  const credential = cookie !== undefined || authorization !== undefined;
  const { cacheControl, vary } = cachePolicy({ entries, freshness, version, credential });
  // Whether a page elsewhere may read it has been noted already.
  const noted = reply.getHeader("vary");
  reply
    .headers(freshnessHeaders(freshness))
    .header("vary", [...(noted === undefined ? [] : [noted]), ...vary].join(", "));
  reply.header("x-cache", answer.found === undefined ? "MISS" : "HIT");
  reply.header("cache-control", isGet ? cacheControl : "no-store");
  if (isGet && etag !== null) reply.header("etag", etag);
  if (isGet && holds(request.headers["if-none-match"], etag)) return reply.code(304).send();
  if (encoding !== "identity") reply.header("content-encoding", encoding);
  if (serializer.attachment)
    reply.header("content-disposition", `attachment; filename="${fileName(asked, freshness)}"`);
  if (!Buffer.isBuffer(body)) body.once("error", (error) => noteBreak(request, error));
  return reply.type(serializer.contentType).send(body);
}

/** The framework breaks the connection off, so that nobody takes the answer for whole; only the log can say why. */
function noteBreak({ log }: FastifyRequest, error: Error): void {
  if (error instanceof DepartedError) return;
  log.error({ err: error }, "an answer broke off");
}

/** "stats_my-community_usage-delta-category_2025-01-01_to_2025-12-31.xlsx" */
export function fileName({ entries, shape, serializer }: AnswerRequest, freshness: Freshness): string {
  const planned = entries.filter(isPlanned);
  const scopes = new Set(planned.map(({ scope }) => scope.community?.slug ?? scope.key));
  const [scope = "nothing"] = scopes;
  const { from, to } = rangeOf(
    planned.map(({ plan }) => plan),
    freshness,
  );
  const parts = [
    "stats",
    scopes.size > 1 ? "several" : scope,
    ...(shape === "bare" ? planned.map(({ query }) => query) : []),
    ...(from === null || to === null ? [] : [`${from}_to_${to}`]),
  ];
  return safeName(parts.join("_")).slice(0, 180) + serializer.extension;
}

/** The shapes of the wire have no place for these; the columns shape holds them in its body as well. */
function freshnessHeaders(freshness: Freshness): Readonly<Record<string, string>> {
  const known = KNOWN_HEADERS.get(freshness) ?? makeFreshnessHeaders(freshness);
  KNOWN_HEADERS.set(freshness, known);
  return known;
}

/** A kept answer is sent many times with the same freshness. */
const KNOWN_HEADERS = new WeakMap<Freshness, Readonly<Record<string, string>>>();

function makeFreshnessHeaders(freshness: Freshness): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    "x-stats-rule-version": freshness.ruleVersion,
    "x-stats-version": numbersVersion(freshness),
  };
  if (freshness.asOf !== null) headers["x-stats-as-of"] = freshness.asOf;
  if (freshness.generated === true) headers["x-stats-generated"] = "true";
  if (freshness.missingDays.length > 0) headers["x-stats-missing-days"] = dayList(freshness.missingDays);
  if (freshness.incompleteDays.length > 0) headers["x-stats-incomplete-days"] = dayList(freshness.incompleteDays);
  return headers;
}

function dayList(days: readonly string[]): string {
  const shown = days.slice(0, DAYS_IN_HEADER).join(",");
  return days.length > DAYS_IN_HEADER ? `${shown},+${days.length - DAYS_IN_HEADER}` : shown;
}
