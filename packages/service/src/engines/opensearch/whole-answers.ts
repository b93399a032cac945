import { z } from "zod";
import { RequestFailure } from "./request-failure.ts";

const UNAVAILABLE = 503;
const GONE = 404;
const NO_INDEX = "index_not_found_exception";

const searchSchema = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ total: z.number(), successful: z.number(), failed: z.number() }),
});
const readingSchema = z.object({
  docs: z.array(
    z.object({ _id: z.string(), error: z.object({ type: z.string(), reason: z.string().nullish() }).optional() }),
  ),
});

/**
 * A search that some shards answered, or that was cut short, comes with status 200.
 * @throws RequestFailure, as one that passes.
 */
export function requireWholeSearch(body: unknown): void {
  const { timed_out, _shards } = searchSchema.parse(body);
  if (timed_out) throw partial("the search was cut short by a time limit of the cluster");
  if (_shards.failed === 0 && _shards.successful === _shards.total) return;
  throw partial(`only ${_shards.successful} of ${_shards.total} shards answered`);
}

/**
 * A document that could not be read looks like one that is not there, but for its error; the answer's status is 200.
 * @throws RequestFailure, as one that passes unless the index itself is gone.
 */
export function requireWholeReading(body: unknown): void {
  const unread = readingSchema.parse(body).docs.find(({ error }) => error !== undefined);
  if (unread?.error === undefined) return;
  const { type, reason } = unread.error;
  const text = `${unread["_id"]} could not be read: ${type}: ${reason ?? ""}`;
  if (type === NO_INDEX) throw new RequestFailure(text, { status: GONE, kind: type, cause: new Error(text) });
  throw partial(text);
}

function partial(text: string): RequestFailure {
  return new RequestFailure(text, { status: UNAVAILABLE, kind: null, cause: new Error(text) });
}
