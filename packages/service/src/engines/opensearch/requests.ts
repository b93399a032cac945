import type { Client } from "@opensearch-project/opensearch";
import { SearchRefusedError, SearchUnreachableError } from "../../engine/search-errors.ts";
import { RequestFailure, requestFailure } from "./request-failure.ts";
import { isPassing, repeated, type RetryPolicy } from "./retry.ts";
import { requireWholeReading, requireWholeSearch } from "./whole-answers.ts";

export type Json = Readonly<Record<string, unknown>>;

/** One request as it goes over the wire. `lines` is the body of a bulk. */
export interface RequestOptions {
  readonly body?: Json;
  readonly lines?: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Statuses that are answers, not failures. */
  readonly accept?: readonly number[];
  readonly timeoutMs?: number;
  /** Throws a RequestFailure where an answer is not all that was asked for. */
  readonly requireWhole?: (body: unknown) => void;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How long an answer is waited for before the request is repeated. */
export interface AnswerLimits {
  readonly requestMs: number;
  readonly bulkMs: number;
}
const ANSWER_LIMITS: AnswerLimits = { requestMs: 60_000, bulkMs: 300_000 };

export interface RequestManners {
  /** Addresses without passwords, for messages. */
  readonly nodes: string;
  readonly policy: RetryPolicy;
  readonly limits?: AnswerLimits | undefined;
}

/** Requests to one cluster, each repeated while its failure can pass. */
export class Requests {
  readonly policy: RetryPolicy;
  readonly limits: AnswerLimits;
  readonly #client: Client;
  readonly #nodes: string;

  constructor(client: Client, { nodes, policy, limits = ANSWER_LIMITS }: RequestManners) {
    this.#client = client;
    this.#nodes = nodes;
    this.policy = policy;
    this.limits = limits;
  }

  /** @throws SearchUnreachableError or SearchRefusedError when repeating did not help. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const what = `${method} ${path.split("?")[0]}`;
    try {
      return await repeated(this.policy, isPassingFailure, () => this.once(method, path, options));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status === null) throw new SearchUnreachableError(this.#nodes, what, error.cause);
      throw new SearchRefusedError(what, error.status, error.message);
    }
  }

  /** One try. @throws RequestFailure */
  async once(method: string, path: string, options: RequestOptions): Promise<Answer> {
    const { body, lines, query, accept = [], timeoutMs = this.limits.requestMs, requireWhole } = options;
    let answer: Answer;
    try {
      const { statusCode, body: answered } = await this.#client.transport.request(
        {
          method,
          path,
          ...(query === undefined ? {} : { querystring: query }),
          ...(body === undefined ? {} : { body }),
          // As bytes: a stream takes twice as long to make them out of a long text.
          ...(lines === undefined ? {} : { bulkBody: Buffer.from(lines) }),
        },
        { ignore: [...accept], requestTimeout: timeoutMs, maxRetries: 0 },
      );
      answer = { status: statusCode ?? 0, body: answered };
    } catch (error) {
      throw requestFailure(error);
    }
    requireWhole?.(answer.body);
    return answer;
  }

  /** All hits of the shards that are asked: a part of them is a failure, although it comes with status 200. */
  async search(index: string, body: Json, preference?: string): Promise<unknown> {
    const query = { allow_partial_search_results: false, ...(preference === undefined ? {} : { preference }) };
    const options = { body, query, requireWhole: requireWholeSearch };
    return (await this.send("POST", `/${encodeURIComponent(index)}/_search`, options)).body;
  }

  /** The answer to a reading of documents by id, all of which could be read or are not there. */
  async readMany(index: string, ids: readonly string[], query: RequestOptions["query"] = {}): Promise<unknown> {
    const options = { body: { ids }, query, requireWhole: requireWholeReading };
    return (await this.send("POST", `/${index}/_mget`, options)).body;
  }

  async refresh(index: string): Promise<void> {
    await this.send("POST", `/${encodeURIComponent(index)}/_refresh`);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

function isPassingFailure(error: unknown): boolean {
  return error instanceof RequestFailure && isPassing(error.status, error.kind);
}
