import { BadRequestError, type Problem } from "@community-stats/contract/problems.ts";
import { z } from "zod";
import { EntryError, type FailedEntry } from "../cache/answering.ts";
import { shorten } from "../query/parameters.ts";

/** One query of a request, under the label of its answer. */
export interface Entry {
  readonly label: string;
  /** Name of the query. */
  readonly stat: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const bodySchema = z.record(z.string(), z.unknown());
const entrySchema = z.strictObject({
  stat: z.string().optional(),
  params: z.record(z.string(), z.unknown()).nullish(),
});

/** What the address of a POST says of the whole answer. */
const formSchema = z.strictObject({
  format: z.string().optional(),
  partial: z.enum(["true", "false"]).optional(),
});

/** @throws BadRequestError naming what is not understood. */
export function parseForm(search: Readonly<Record<string, unknown>>): {
  readonly format: unknown;
  readonly partial: boolean;
} {
  const parsed = formSchema.safeParse(search);
  if (parsed.success) return { format: parsed.data.format, partial: parsed.data.partial === "true" };
  const [wrong = ""] = Object.keys(search).filter((name) => !formSchema.safeParse({ [name]: search[name] }).success);
  throw new BadRequestError(
    "INVALID_ADDRESS",
    `The address cannot be asked with ${shorten(`${wrong}=${JSON.stringify(search[wrong]) ?? ""}`)}.`,
    "Use format=csv and partial=true; parameters of a query belong into its entry of the body.",
  );
}

export interface BodyRules {
  /** Whether a label may stand for the name of the query where `stat` is missing. */
  readonly named: boolean;
  /** Turns the error of an entry into its answer; null where it fails the request. */
  readonly toProblem: ((error: unknown) => Problem) | null;
  /** Most queries in one request. */
  readonly most: number;
}

/**
 * The entries of a body `{label: {stat, params}}`.
 * @throws BadRequestError naming the entry.
 */
export function parseBody(body: unknown, rules: BodyRules): readonly (Entry | FailedEntry)[] {
  const parsed = bodySchema.safeParse(body);
  const labels = parsed.success ? Object.entries(parsed.data) : [];
  if (labels.length === 0) {
    throw new BadRequestError(
      "EMPTY_REQUEST",
      "The body holds no query.",
      'Send an object of queries by label: {"views": {"stat": "usage-delta-series", "params": {"community_id": "global"}}}.',
    );
  }
  if (labels.length > rules.most) {
    throw new BadRequestError(
      "TOO_MANY_QUERIES",
      `The body holds ${labels.length} queries.`,
      `Send at most ${rules.most} in one request.`,
    );
  }
  return labels.map(([label, entry]) => parseEntry(label, entry, rules));
}

function parseEntry(label: string, value: unknown, { named, toProblem }: BodyRules): Entry | FailedEntry {
  const parsed = entrySchema.safeParse(value);
  const stat = parsed.success ? (parsed.data.stat ?? (named ? label : undefined)) : undefined;
  if (parsed.success && stat !== undefined) return { label, stat, params: parsed.data.params ?? {} };
  const cause = new BadRequestError(
    "MALFORMED_ENTRY",
    `The entry "${shorten(label)}" is not a query.`,
    'An entry is {"stat": "<name of the query>", "params": {…}} and nothing else.',
  );
  const error = new EntryError(label, cause);
  if (toProblem === null) throw error;
  return { label, problem: toProblem(error) };
}
