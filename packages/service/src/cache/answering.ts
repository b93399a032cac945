import type { Readable } from "node:stream";
import { StatsError, type Problem } from "@community-stats/contract/problems.ts";
import type { Freshness } from "@community-stats/contract/series.ts";
import type { Serializer } from "../export/serializer.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { ReadableScope } from "../query/scopes.ts";

export type Encoding = "identity" | "gzip" | "br";

/** One query of a request, planned, about a scope that the caller may read. Nothing else of the caller changes the answer. */
export interface PlannedEntry {
  readonly label: string;
  /** Name of the query. */
  readonly query: string;
  readonly scope: ReadableScope;
  /** The given parameters but `community_id`, sorted by name, as JSON: equal texts mean equal answers. */
  readonly parameters: string;
  readonly plan: QueryPlan;
  /** State of the numbers when it was planned; null while answers must not be kept (query/numbers-state.ts). */
  readonly state: string | null;
}

/** An entry that cannot be answered, where the caller asked for the others all the same. */
export interface FailedEntry {
  readonly label: string;
  readonly problem: Problem;
}
export type AnswerEntry = PlannedEntry | FailedEntry;

/** Everything that decides the bytes of an answer, apart from the state of the numbers. */
export interface AnswerRequest {
  readonly entries: readonly AnswerEntry[];
  /** bare: the result of the only entry. labelled: an object of results by label. */
  readonly shape: "bare" | "labelled";
  readonly serializer: Serializer;
  readonly encoding: Encoding;
  /** Turns the error of an entry into its answer; null where one failing entry fails all. */
  readonly problemOf: ((error: unknown) => Problem) | null;
  /** Ends when nobody waits any longer, with the reason as an error. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly freshness: Freshness;
  /** Strong validator in quotes, of content and encoding; null where the answer is too long to be known before it is sent. */
  readonly etag: string | null;
  /** Encoded as asked. A stream ends with an error where the rest cannot be made. */
  readonly body: Buffer | Readable;
  /** Where it was kept; absent where it was made for this request. */
  readonly found?: "memory" | "disk";
}

/** Turns a planned request into bytes. Errors before the first byte are thrown; that of an entry as an EntryError. */
export interface Answering {
  answer(request: AnswerRequest): Promise<Answer>;
  /** The body of an answer that is in memory, encoded as asked, counted as found; null where it is not. Absent where nothing is kept. */
  held?(request: AnswerRequest): Buffer | null;
}

/** The error of one entry among several; its problem names the entry. */
export class EntryError extends Error {
  readonly entry: string;
  constructor(entry: string, cause: unknown) {
    super(`entry ${entry}`, { cause });
    this.entry = entry;
  }
}

/** What was to be partial is nothing at all. */
export class NothingAnsweredError extends StatsError {
  readonly code = "NOTHING_ANSWERED";
  /** That of the entries where they agree. */
  readonly status: number;
  readonly hint = "Correct the entries; format=json gives each its own problem under its label.";
  constructor(failed: readonly FailedEntry[]) {
    const shown = failed.slice(0, MOST_NAMED).map(({ label, problem }) => `"${label.slice(0, 60)}": ${problem.detail}`);
    const more = failed.length - shown.length;
    const all = more > 0 ? [...shown, `and ${more} more.`] : shown;
    super(`None of the ${failed.length} entries can be answered. ${all.join(" ")}`);
    const [status = 400, ...others] = new Set(failed.map(({ problem }) => problem.status));
    this.status = others.length === 0 ? status : 400;
  }
}

/** Entries named in one message. */
const MOST_NAMED = 10;

export function isPlanned(entry: AnswerEntry): entry is PlannedEntry {
  return "plan" in entry;
}
