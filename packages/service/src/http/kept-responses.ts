import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Answer, Answering, AnswerRequest } from "../cache/answering.ts";
import type { PreparedQuery } from "../query/prepared.ts";
import type { Caller } from "../query/scopes.ts";
import { holds } from "./caching.ts";

/** What a response that was sent once needs to be sent again. */
interface Draft {
  readonly prepared: PreparedQuery;
  readonly etag: string;
  readonly asked: AnswerRequest;
}
interface Kept extends Draft {
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: readonly string[];
  /** Of the answer that the caller holds already. */
  readonly unchanged: readonly string[];
}

const MOST_KEPT = 1000;
const LONGEST_KEY = 4000;
/** Said anew for each request. */
const OF_REQUEST = /^(?:x-request-id|x-ratelimit-.*)$/;
/** Of a body that a 304 does not have. */
const OF_BODY = new Set(["content-type", "content-length", "content-encoding", "content-disposition"]);

export interface KeptResponsesOptions {
  readonly answering: Pick<Answering, "held">;
  /** Whether the query would be prepared alike now, and may still be read by the caller. */
  readonly isCurrent: (prepared: PreparedQuery, caller: Caller) => Promise<boolean>;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/**
 * Responses to guests whose body is in memory, by address and by what the request says about its form. The same request gets the same bytes
 * without planning and without building headers; whether it may be read, and whether the numbers are still these, is asked each time.
 */
export class KeptResponses {
  readonly #options: KeptResponsesOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #drafts = new WeakMap<FastifyRequest, Draft>();

  constructor(options: KeptResponsesOptions) {
    this.#options = options;
  }

  /** Notes what a request is being answered with. */
  propose(request: FastifyRequest, { etag, found }: Answer, query: Omit<Draft, "etag">): void {
    if (etag !== null && found === "memory" && keyOf(request) !== null) this.#drafts.set(request, { ...query, etag });
  }

  /** Keeps the response that was noted, with its headers as they are about to be sent. */
  capture(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
    const draft = this.#drafts.get(request);
    const key = draft === undefined ? null : keyOf(request);
    if (draft === undefined || key === null || reply.statusCode !== 200 || !Buffer.isBuffer(payload)) return;
    const headers = Object.entries(reply.getHeaders()).filter(([name]) => !OF_REQUEST.test(name));
    const texts = headers.map(([name, value]) => [name, String(value)] as const);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(key, {
      ...draft,
      headers: [
        ...texts.filter(([name]) => name !== "content-length").flat(),
        "content-length",
        String(payload.length),
      ],
      unchanged: texts.filter(([name]) => !OF_BODY.has(name)).flat(),
    });
  }

  /** Answers with what is kept, where there is anything. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const key = this.#kept.size === 0 ? null : keyOf(request);
    const kept = key === null ? undefined : this.#kept.get(key);
    if (key === null || kept === undefined) return;
    const isCurrent = await this.#options.isCurrent(kept.prepared, this.#options.callerOf(request)).catch(() => false);
    const body = isCurrent ? (this.#options.answering.held?.(kept.asked) ?? null) : null;
    if (body === null) {
      this.#kept.delete(key);
      return;
    }
    const isHeld = holds(request.headers["if-none-match"], kept.etag);
    reply.hijack();
    const headers = [...(isHeld ? kept.unchanged : kept.headers), ...ownHeaders(request, reply)];
    reply.raw.writeHead(isHeld ? 304 : 200, headers);
    if (isHeld) reply.raw.end();
    else reply.raw.end(body);
  }
}

/** Null where a response is not to be kept: only what guests get by GET, from pages of ours. */
function keyOf({ method, headers, raw }: FastifyRequest): string | null {
  const { cookie, authorization, origin, accept = "" } = headers;
  if (method !== "GET" || cookie !== undefined || authorization !== undefined || origin !== undefined) return null;
  const key = `${raw.url ?? ""}\n${accept}\n${headers["accept-encoding"] ?? ""}`;
  return key.length > LONGEST_KEY ? null : key;
}

function ownHeaders(request: FastifyRequest, reply: FastifyReply): readonly string[] {
  const own = ["x-request-id", request.id];
  for (const name of RATE_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) own.push(name, String(value));
  }
  return own;
}

const RATE_HEADERS = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

/** Goes before all work on a request but the counting of requests, and after everything that sets headers. */
export function answerKept(app: FastifyInstance, kept: KeptResponses): void {
  app.addHook("onRequest", async (request, reply) => {
    await kept.answer(request, reply);
  });
  // oxlint-disable-next-line max-params -- the framework's
  app.addHook("onSend", (request, reply, payload, done) => {
    kept.capture(request, reply, payload);
    done(null, payload);
  });
}
