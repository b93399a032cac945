import { Readable } from "node:stream";
import type { Freshness } from "@community-stats/contract/series.ts";
import type { FastifyReply } from "fastify";
import { inBlocks } from "../query/result-json.ts";

/** An answer up to this size is sent whole, with its length; a larger one is streamed. */
const WHOLE_LIMIT = 1 << 20;
const BLOCK = 1 << 16;
/** Days named in a header. */
const DAYS_IN_HEADER = 60;

/** Sends JSON text with what is known of its reliability. */
export function sendJson(reply: FastifyReply, pieces: Iterable<string>, freshness: Freshness): FastifyReply {
  reply.headers(freshnessHeaders(freshness)).type("application/json; charset=utf-8");
  const blocks = inBlocks(pieces, BLOCK)[Symbol.iterator]();
  let whole = "";
  for (let next = blocks.next(); next.done !== true; next = blocks.next()) {
    whole += next.value;
    if (whole.length > WHOLE_LIMIT) return reply.send(Readable.from(rest(whole, blocks)));
  }
  return reply.send(whole);
}

function* rest(begun: string, blocks: Iterator<string>): Generator<Buffer> {
  yield Buffer.from(begun);
  for (let next = blocks.next(); next.done !== true; next = blocks.next()) yield Buffer.from(next.value);
}

/** The shapes of the wire have no place for these; the columns shape holds them in its body as well. */
function freshnessHeaders(freshness: Freshness): Record<string, string> {
  const headers: Record<string, string> = { "x-stats-rule-version": freshness.ruleVersion };
  if (freshness.asOf !== null) headers["x-stats-as-of"] = freshness.asOf;
  if (freshness.missingDays.length > 0) headers["x-stats-missing-days"] = dayList(freshness.missingDays);
  if (freshness.incompleteDays.length > 0) headers["x-stats-incomplete-days"] = dayList(freshness.incompleteDays);
  return headers;
}

function dayList(days: readonly string[]): string {
  const shown = days.slice(0, DAYS_IN_HEADER).join(",");
  return days.length > DAYS_IN_HEADER ? `${shown},+${days.length - DAYS_IN_HEADER}` : shown;
}
