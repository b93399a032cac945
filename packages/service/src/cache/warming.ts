import { addressedRequest, type AddressedRequest } from "@community-stats/contract/columns-address.ts";
import { daysOfBoth, firstQuestions, firstRecordLists, yearBefore } from "@community-stats/contract/first-view.ts";
import { addressedRecordList } from "@community-stats/contract/record-list.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import { JSON_FORMAT } from "../export/formats.ts";
import type { Queries } from "../query/queries.ts";
import { OPERATOR } from "../query/scopes.ts";
import type { AnswerRequest } from "./answering.ts";
import type { CachedAnswering } from "./cached-answering.ts";
import { decode } from "./encoding.ts";
import type { WarmItem } from "./warm-plan.ts";

/** Answers by what became of them. */
export interface WarmCounts {
  /** Made and stored. */
  readonly success: number;
  /** There already. */
  readonly skipped: number;
  /** Made, but not to be kept: too long, or about what not everybody may read. */
  readonly notKept: number;
  readonly failed: number;
}

export interface WarmError {
  readonly community_id: string;
  readonly year: number | null;
  readonly category: string;
  readonly error: string;
}

export interface WarmReport extends WarmCounts {
  readonly state: "done" | "partial" | "interrupted";
  /** Steps that were done, of all. */
  readonly done: number;
  readonly total: number;
  /** At most a hundred. */
  readonly errors: readonly WarmError[];
}

export interface WarmOptions {
  readonly queries: Queries;
  readonly answering: CachedAnswering;
  readonly items: readonly WarmItem[];
  /** Make what is there already once more. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly progress: (done: number, item: WarmItem) => void;
}

const MOST_ERRORS = 100;
/** The smallest; what browsers ask for. */
const STORED = "br";
const MOST_CONTENT = 64 << 20;

/** Makes the answers of all items that are not there yet. One that fails does not stop the rest. */
export async function warm(options: WarmOptions): Promise<WarmReport> {
  const { items, signal, progress } = options;
  const warmer = new Warmer(options);
  let done = 0;
  for (const item of items) {
    if (signal.aborted) break;
    progress(done, item);
    await warmer.warm(item);
    done++;
  }
  const { counts, errors } = warmer;
  const state = done < items.length ? "interrupted" : counts.failed > 0 ? "partial" : "done";
  return { state, done, total: items.length, ...counts, errors };
}

/** How many of the answers are there, and how many would have to be made; without what comparisons ask, which depends on the answers. */
export async function survey({
  queries,
  answering,
  items,
}: Pick<WarmOptions, "queries" | "answering" | "items">): Promise<{
  readonly existing: number;
  readonly missing: number;
}> {
  let [existing, missing] = [0, 0];
  for (const asked of items.flatMap(questionsOf)) {
    const request = await warmRequest(queries, asked);
    if (await answering.isStored(request)) existing++;
    else missing++;
  }
  return { existing, missing };
}

interface Question {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function questionsOf(item: WarmItem): readonly Question[] {
  if (item.kind === "year") return [yearQuestion(item)];
  const { page } = item.scope;
  const series = firstQuestions(page).map(({ request }) => questionAt(addressedRequest(request)));
  return [...series, ...listQuestions(item)];
}

function listQuestions({ scope }: Extract<WarmItem, { kind: "view" }>): readonly Question[] {
  return firstRecordLists(scope.page).map((request) => questionAt(addressedRecordList(request)));
}

function questionAt({ query, parameters }: AddressedRequest): Question {
  return { query, parameters: Object.fromEntries(parameters) };
}

function yearQuestion({ scope, year, query }: Extract<WarmItem, { kind: "year" }>): Question {
  return {
    query,
    parameters: { community_id: scope.key, start_date: `${year}-01-01`, end_date: `${year}-12-31` },
  };
}

/** As a caller of the API asks it. */
async function warmRequest(queries: Queries, { query, parameters: given }: Question): Promise<AnswerRequest> {
  const { scope, plan, parameters, state } = await queries.prepare(query, given, OPERATOR);
  const entry = { label: query, query, scope, plan, parameters, state };
  return { entries: [entry], shape: "bare", serializer: JSON_FORMAT, encoding: STORED, problemOf: null };
}

class Warmer {
  readonly counts = { success: 0, skipped: 0, notKept: 0, failed: 0 };
  readonly errors: WarmError[] = [];
  readonly #options: WarmOptions;

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  async warm(item: WarmItem): Promise<void> {
    try {
      if (item.kind === "view") {
        await this.#view(item);
        for (const list of listQuestions(item)) await this.#alone(list);
      } else await this.#alone(yearQuestion(item));
    } catch (error) {
      this.#failed(item, error);
    }
  }

  /** All questions of a page about series, the follow-ups of its comparisons as well. */
  async #view({ scope }: Extract<WarmItem, { kind: "view" }>): Promise<void> {
    // Widgets ask for the same: each answer counts once.
    const known = new Map<string, ColumnsAnswer | null>();
    const ask = async (request: ColumnsRequest) => {
      const text = JSON.stringify(request);
      const answer = known.has(text) ? (known.get(text) ?? null) : await this.#columns(request);
      known.set(text, answer);
      return answer;
    };
    for (const question of firstQuestions(scope.page)) {
      if (this.#options.signal.aborted) return;
      const current = await ask(question.request);
      const before = current === null ? null : yearBefore(question, current);
      const other = before === null ? null : await ask(before);
      if (current === null || before === null || other === null) continue;
      const asked = { request: question.request, before };
      for (const request of daysOfBoth(asked, { current, before: other })) await ask(request);
    }
  }

  async #columns(request: ColumnsRequest): Promise<ColumnsAnswer | null> {
    const body = await this.#make(await warmRequest(this.#options.queries, questionAt(addressedRequest(request))));
    return body === null ? null : JSON.parse((await decode(body, STORED, MOST_CONTENT)).toString());
  }

  /** A question that no other one follows from. */
  async #alone(question: Question): Promise<void> {
    const { queries, answering, overwrite } = this.#options;
    const asked = await warmRequest(queries, question);
    if (!overwrite && (await answering.isStored(asked))) this.counts.skipped++;
    else await this.#make(asked);
  }

  async #make(asked: AnswerRequest): Promise<Buffer | null> {
    const { answering, overwrite } = this.#options;
    if (overwrite) await answering.drop(asked);
    const before = answering.counts;
    const { body, found } = await answering.answer(asked);
    await answering.settle();
    if (found !== undefined) this.counts.skipped++;
    else if (answering.counts.made > before.made && answering.counts.unstored === before.unstored)
      this.counts.success++;
    else this.counts.notKept++;
    if (Buffer.isBuffer(body)) return body;
    // Too long to be kept: nobody reads it here.
    body.destroy();
    return null;
  }

  #failed({ kind, scope, ...item }: WarmItem, error: unknown): void {
    this.counts.failed++;
    if (this.errors.length >= MOST_ERRORS) return;
    this.errors.push({
      community_id: scope.key,
      year: "year" in item ? item.year : null,
      category: kind === "view" ? "first view" : "query" in item ? item.query : kind,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
