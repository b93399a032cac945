import { BadRequestError } from "@community-stats/contract/problems.ts";
import { z } from "zod";
import { shorten } from "../query/parameters.ts";

/** One query of a request, under the label of its answer. */
export interface Entry {
  readonly label: string;
  /** Name of the query. */
  readonly stat: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Most queries in one request. */
const MAX_ENTRIES = 50;

const bodySchema = z.record(z.string(), z.unknown());
const entrySchema = z.strictObject({
  stat: z.string().optional(),
  params: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * The entries of a body `{label: {stat, params}}`.
 * @param named whether a label may stand for the name of the query where `stat` is missing.
 * @throws BadRequestError naming the entry.
 */
export function parseBody(body: unknown, named: boolean): readonly Entry[] {
  const parsed = bodySchema.safeParse(body);
  const labels = parsed.success ? Object.entries(parsed.data) : [];
  if (labels.length === 0) {
    throw new BadRequestError(
      "EMPTY_REQUEST",
      "The body holds no query.",
      'Send an object of queries by label: {"views": {"stat": "usage-delta-series", "params": {"community_id": "global"}}}.',
    );
  }
  if (labels.length > MAX_ENTRIES) {
    throw new BadRequestError(
      "TOO_MANY_QUERIES",
      `The body holds ${labels.length} queries.`,
      `Send at most ${MAX_ENTRIES} in one request.`,
    );
  }
  return labels.map(([label, entry]) => parseEntry(label, entry, named));
}

function parseEntry(label: string, value: unknown, named: boolean): Entry {
  const parsed = entrySchema.safeParse(value);
  const stat = parsed.success ? (parsed.data.stat ?? (named ? label : undefined)) : undefined;
  if (parsed.success && stat !== undefined) return { label, stat, params: parsed.data.params ?? {} };
  throw new EntryError(
    label,
    new BadRequestError(
      "MALFORMED_ENTRY",
      `The entry "${shorten(label)}" is not a query.`,
      'An entry is {"stat": "<name of the query>", "params": {…}} and nothing else.',
    ),
  );
}

/** The error of one entry among several; its problem names the entry. */
export class EntryError extends Error {
  readonly entry: string;
  constructor(entry: string, cause: unknown) {
    super(`entry ${entry}`, { cause });
    this.entry = entry;
  }
}
