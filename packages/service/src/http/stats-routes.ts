import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type AnswerEntry,
  type Answering,
  type AnswerRequest,
  EntryError,
  type PlannedEntry,
} from "../cache/answering.ts";
import { ChosenMemory } from "./chosen-memory.ts";
import type { Limits } from "../config/access.ts";
import type { Offer } from "../export/registry.ts";
import type { Queries } from "../query/queries.ts";
import type { PreparedQuery } from "../query/prepared.ts";
import type { Caller } from "../query/scopes.ts";
import { sendAnswer, type Sending } from "./answer.ts";
import type { KeptResponses } from "./kept-responses.ts";
import { departureOf } from "./limits-departure.ts";
import { ExportPlaces } from "./limits-exports.ts";
import { chooseRepresentation, type Representation } from "./negotiation.ts";
import { refusePacked } from "./packed-body.ts";
import { MethodNotAllowedError, problemOf } from "./problems.ts";
import { parseBody, parseForm, type Entry } from "./request-body.ts";

export interface StatsRoutesOptions {
  readonly queries: Queries;
  readonly answering: Answering;
  readonly offers: readonly Offer[];
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly kept: KeptResponses;
  readonly limits: Pick<Limits, "queriesPerRequest" | "exportsAtOnce" | "answerSeconds">;
}
type Settings = StatsRoutesOptions & { readonly places: ExportPlaces; readonly chosen: ChosenMemory };

/** The original's two addresses. */
const STATS_PATH = "/api/stats";
export const DASHBOARD_API_PATH = "/api/stats-dashboard";

type Search = Record<string, unknown>;
type BodyRequest = FastifyRequest<{ Querystring: Search }>;
type QueryRequest = FastifyRequest<{ Params: { query: string }; Querystring: Search }>;

/** Queries by POST on both of the original's routes, and each of them by GET. */
export function registerStatsRoutes(app: FastifyInstance, options: StatsRoutesOptions): void {
  const settings: Settings = {
    ...options,
    places: new ExportPlaces(options.limits.exportsAtOnce),
    chosen: new ChosenMemory(),
  };
  const post = (path: string, named: boolean) => {
    app.post<{ Querystring: Search }>(path, { onRequest: refusePacked }, (request, reply) =>
      answerBody(settings, request, { reply, named }),
    );
    refuseOtherMethods(app, path, ["POST"]);
  };
  post(STATS_PATH, false);
  post(DASHBOARD_API_PATH, true);
  app.get<{ Params: { query: string }; Querystring: Search }>(`${DASHBOARD_API_PATH}/:query`, (request, reply) =>
    answerQuery(settings, request, reply),
  );
  refuseOtherMethods(app, `${DASHBOARD_API_PATH}/:query`, ["GET", "HEAD"]);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Answers 405 with `Allow` where a route knows other methods only. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => {
      reply.header("allow", allowed.join(", "));
      throw new MethodNotAllowedError(request.method, allowed);
    },
  });
}

interface BodyAnswer {
  readonly reply: FastifyReply;
  readonly named: boolean;
}

/** All entries are checked before any is run; one bad entry fails the request, unless a partial answer is welcome. */
async function answerBody(
  settings: Settings,
  request: BodyRequest,
  { reply, named }: BodyAnswer,
): Promise<FastifyReply> {
  const { format, partial } = parseForm(request.query);
  const toProblem = partial ? (error: unknown) => problemOf(error, request.log) : null;
  const caller = settings.callerOf(request);
  const entries: AnswerEntry[] = [];
  for (const item of parseBody(request.body, { named, toProblem, most: settings.limits.queriesPerRequest })) {
    if ("problem" in item) entries.push(item);
    else entries.push(await planOf(settings.queries, item, caller).catch(failedEntry(item.label, toProblem)));
  }
  const chosen = representation(settings, request, { format, entries });
  const asked = { entries, shape: "labelled", problemOf: toProblem, ...chosen } as const;
  return answer(settings, asked, { request, reply, version: undefined, prepared: null });
}

/** Makes the answer while somebody waits for it, and sends it. */
async function answer(
  { answering, places, limits, kept }: Settings,
  asked: AnswerRequest,
  sending: Sending & { readonly prepared: PreparedQuery | null },
): Promise<FastifyReply> {
  if (asked.serializer.attachment) places.take(sending.reply);
  const waited = new WaitedRequest(asked, () => departureOf(sending.reply, limits.answerSeconds));
  const made = await answering.answer(waited);
  // A file to save takes a place among the exports each time.
  const { prepared } = sending;
  if (prepared !== null && !asked.serializer.attachment) kept.propose(sending.request, made, { prepared, asked });
  return sendAnswer(asked, made, sending);
}

/** Its signal is made when it is looked at: for what is there already, nobody waits. A copy by spreading lacks it. */
class WaitedRequest implements AnswerRequest {
  readonly entries: AnswerRequest["entries"];
  readonly shape: AnswerRequest["shape"];
  readonly serializer: AnswerRequest["serializer"];
  readonly encoding: AnswerRequest["encoding"];
  readonly problemOf: AnswerRequest["problemOf"];
  readonly #makeSignal: () => AbortSignal;
  #signal: AbortSignal | undefined;

  constructor({ entries, shape, serializer, encoding, problemOf }: AnswerRequest, makeSignal: () => AbortSignal) {
    this.entries = entries;
    this.shape = shape;
    this.serializer = serializer;
    this.encoding = encoding;
    this.problemOf = problemOf;
    this.#makeSignal = makeSignal;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= this.#makeSignal());
  }
}

function failedEntry(
  label: string,
  toProblem: ((error: unknown) => AnswerProblem) | null,
): (error: unknown) => AnswerEntry {
  return (cause) => {
    const error = new EntryError(label, cause);
    if (toProblem === null) throw error;
    return { label, problem: toProblem(error) };
  };
}

type AnswerProblem = Extract<AnswerEntry, { problem: unknown }>["problem"];

async function answerQuery(settings: Settings, request: QueryRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { format, version, ...params } = request.query;
  const name = request.params.query;
  const prepared = await settings.queries.prepare(name, params, settings.callerOf(request));
  const entry = plannedEntry(name, name, prepared);
  const entries = [entry];
  const chosen = settings.chosen.of(entry.plan, formText(request, format), () =>
    representation(settings, request, { format, entries }),
  );
  const asked = { entries, shape: "bare", problemOf: null, ...chosen } as const;
  return answer(settings, asked, { request, reply, version, prepared });
}

function representation(
  { offers }: StatsRoutesOptions,
  { headers }: BodyRequest | QueryRequest,
  { format, entries }: { readonly format: unknown; readonly entries: readonly AnswerEntry[] },
): Representation {
  const wishes = { format, accept: headers.accept, acceptEncoding: headers["accept-encoding"] as string | undefined };
  return chooseRepresentation(offers, wishes, entries);
}

/** Everything that a request says about the form of its answer. */
function formText({ headers }: QueryRequest, format: unknown): string {
  return JSON.stringify([format, headers.accept, headers["accept-encoding"]]);
}

async function planOf(queries: Queries, { label, stat, params }: Entry, caller: Caller): Promise<PlannedEntry> {
  return plannedEntry(label, stat, await queries.prepare(stat, params, caller));
}

function plannedEntry(label: string, query: string, { scope, plan, parameters, state }: PreparedQuery): PlannedEntry {
  return { label, query, scope, parameters, plan, state };
}
