import type { Client } from "@opensearch-project/opensearch";
import { z } from "zod";
import { SearchRefusedError, SearchUnreachableError } from "../../engine/search-errors.ts";
import { isPassing, repeated, type RetryPolicy } from "./retry.ts";

export type Json = Readonly<Record<string, unknown>>;

/** One request as it goes over the wire. `lines` is the body of a bulk. */
export interface RequestOptions {
  readonly body?: Json;
  readonly lines?: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Statuses that are answers, not failures. */
  readonly accept?: readonly number[];
  readonly timeoutMs?: number;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A failed request: `status` of the answer, or null where none came; `kind` as OpenSearch names it. */
export class RequestFailure extends Error {
  readonly status: number | null;
  readonly kind: string | null;
  constructor(
    message: string,
    { status, kind, cause }: { status: number | null; kind: string | null; cause: unknown },
  ) {
    super(message, { cause });
    this.status = status;
    this.kind = kind;
  }
}

const failureSchema = z.object({
  message: z.string(),
  statusCode: z.number().optional().catch(undefined),
  body: z.unknown().optional(),
});
const reasonSchema = z.object({ error: z.object({ type: z.string(), reason: z.string().nullish() }) });
const shardsSchema = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ total: z.number(), successful: z.number(), failed: z.number() }),
});

const REQUEST_TIMEOUT_MS = 60_000;

/** Requests to one cluster, each repeated while its failure can pass. */
export class Requests {
  readonly #client: Client;
  readonly #policy: RetryPolicy;
  /** Addresses without passwords, for messages. */
  readonly #nodes: string;

  constructor(client: Client, nodes: string, policy: RetryPolicy) {
    this.#client = client;
    this.#nodes = nodes;
    this.#policy = policy;
  }

  get policy(): RetryPolicy {
    return this.#policy;
  }

  /** @throws SearchUnreachableError or SearchRefusedError when repeating did not help. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const what = `${method} ${path.split("?")[0]}`;
    try {
      return await repeated(this.#policy, isPassingFailure, () => this.once(method, path, options));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status === null) throw new SearchUnreachableError(this.#nodes, what, error.cause);
      throw new SearchRefusedError(what, error.status, error.message);
    }
  }

  /** One try. @throws RequestFailure */
  async once(method: string, path: string, options: RequestOptions): Promise<Answer> {
    const { body, lines, query, accept = [], timeoutMs = REQUEST_TIMEOUT_MS } = options;
    try {
      const { statusCode, body: answered } = await this.#client.transport.request(
        {
          method,
          path,
          ...(query === undefined ? {} : { querystring: query }),
          ...(body === undefined ? {} : { body }),
          ...(lines === undefined ? {} : { bulkBody: lines }),
        },
        { ignore: [...accept], requestTimeout: timeoutMs, maxRetries: 0 },
      );
      return { status: statusCode ?? 0, body: answered };
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** A search whose answer is whole: a part of the shards is a failure, although it comes with status 200. */
  async search(index: string, body: Json, preference?: string): Promise<unknown> {
    const path = `/${encodeURIComponent(index)}/_search`;
    const ask = async (): Promise<unknown> => {
      const query = { allow_partial_search_results: false, ...(preference === undefined ? {} : { preference }) };
      const answer = await this.once("POST", path, { body, query });
      requireWhole(answer.body);
      return answer.body;
    };
    try {
      return await repeated(this.#policy, isPassingFailure, ask);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status === null) throw new SearchUnreachableError(this.#nodes, `POST ${path}`, error.cause);
      throw new SearchRefusedError(`POST ${path}`, error.status, error.message);
    }
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

function failureOf(error: unknown): RequestFailure {
  const { message, statusCode, body } = failureSchema.parse(error);
  const reason = reasonSchema.safeParse(body);
  const text = reason.success ? `${reason.data.error.type}: ${reason.data.error.reason ?? ""}` : message;
  const kind = reason.success ? reason.data.error.type : null;
  return new RequestFailure(text, { status: statusCode ?? null, kind, cause: error });
}

function requireWhole(body: unknown): void {
  const { timed_out, _shards } = shardsSchema.parse(body);
  if (!timed_out && _shards.failed === 0 && _shards.successful === _shards.total) return;
  const text = `only ${_shards.successful} of ${_shards.total} shards answered`;
  throw new RequestFailure(text, { status: 503, kind: null, cause: new Error(text) });
}
