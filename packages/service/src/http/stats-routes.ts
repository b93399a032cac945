import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { mergeFreshness, type Queries, type QueryResult } from "../query/queries.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { Caller } from "../query/scopes.ts";
import { sendJson } from "./answer.ts";
import { objectJson, resultJson } from "../query/result-json.ts";
import { MethodNotAllowedError } from "./problems.ts";
import { EntryError, parseBody, type Entry } from "./request-body.ts";

export interface StatsRoutesOptions {
  readonly queries: Queries;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** The original's two addresses. */
const STATS_PATH = "/api/stats";
export const DASHBOARD_API_PATH = "/api/stats-dashboard";

/** Queries by POST on both of the original's routes, and each of them by GET. */
export function registerStatsRoutes(app: FastifyInstance, options: StatsRoutesOptions): void {
  const post = (path: string, named: boolean) => {
    app.post(path, (request, reply) => answerBody(options, request, { reply, named }));
    refuseOtherMethods(app, path, ["POST"]);
  };
  post(STATS_PATH, false);
  post(DASHBOARD_API_PATH, true);
  app.get<{ Params: { query: string }; Querystring: Record<string, unknown> }>(
    `${DASHBOARD_API_PATH}/:query`,
    (request, reply) => answerQuery(options, request, reply),
  );
  refuseOtherMethods(app, `${DASHBOARD_API_PATH}/:query`, ["GET", "HEAD"]);
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

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

/** All entries are checked before any is run; one bad entry fails the request. */
async function answerBody(
  { queries, callerOf }: StatsRoutesOptions,
  request: FastifyRequest,
  { reply, named }: BodyAnswer,
): Promise<FastifyReply> {
  const entries = parseBody(request.body, named);
  const caller = callerOf(request);
  const plans: [Entry, QueryPlan][] = [];
  for (const entry of entries) plans.push([entry, await planEntry(queries, entry, caller)]);
  const results: [string, QueryResult][] = [];
  for (const [entry, plan] of plans) results.push([entry.label, await queries.run(plan).catch(inEntry(entry))]);
  const members = results.map(([label, result]) => [label, () => resultJson(result)] as const);
  return sendJson(reply, objectJson(members), mergeFreshness(results.map(([, { freshness }]) => freshness)));
}

async function planEntry(queries: Queries, entry: Entry, caller: Caller): Promise<QueryPlan> {
  return await queries.plan(entry.stat, entry.params, caller).catch(inEntry(entry));
}

function inEntry(entry: Entry): (error: unknown) => never {
  return (error) => {
    throw new EntryError(entry.label, error);
  };
}

async function answerQuery(
  { queries, callerOf }: StatsRoutesOptions,
  request: FastifyRequest<{ Params: { query: string }; Querystring: Record<string, unknown> }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const plan = await queries.plan(request.params.query, request.query, callerOf(request));
  const result = await queries.run(plan);
  return sendJson(reply, resultJson(result), result.freshness);
}
