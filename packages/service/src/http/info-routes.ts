import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ScopeEntry } from "@community-stats/contract/page.ts";
import type { ScopeStanding, StandingAnswer } from "@community-stats/contract/standing.ts";
import { z } from "zod";
import type { Queries } from "../query/queries.ts";
import type { ScopeStatus } from "../query/status.ts";
import { scopeEntry, type Caller } from "../query/scopes.ts";
import { DASHBOARD_API_PATH, refuseOtherMethods } from "./stats-routes.ts";

export interface InfoRoutesOptions {
  readonly queries: Queries;
  readonly repositoryTitle: string;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** How far the numbers go, whose numbers there are, and whether the service works. */
export function registerInfoRoutes(app: FastifyInstance, options: InfoRoutesOptions): void {
  const { queries, callerOf } = options;
  const get = (path: string, answer: (request: FastifyRequest) => Promise<object>) => {
    app.get(path, async (request, reply) => reply.header("cache-control", "no-store").send(await answer(request)));
    refuseOtherMethods(app, path, ["GET", "HEAD"]);
  };
  get(`${DASHBOARD_API_PATH}/status`, async (request) => {
    const names = namedScopes(request.query);
    if (names === null) return await queries.status();
    const scopes = await queries.scopeStatuses(names, callerOf(request));
    const answer: StandingAnswer = { ...(await queries.status()), scopes: scopes.map(standingOf) };
    return answer;
  });
  get(`${DASHBOARD_API_PATH}/scopes`, (request) => scopes(options, callerOf(request)));
  get("/health/live", async () => ({ status: "ok" }));
  app.get("/health/ready", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    try {
      const { asOf, ruleVersion } = await queries.status();
      return await reply.send({ status: "ready", asOf, ruleVersion });
    } catch (error) {
      app.log.error({ err: error }, "not ready");
      return await reply.code(503).send({ status: "unavailable" });
    }
  });
}

/** `scopes=all`, or ids and slugs: several parameters, or commas between them. Null without; empty for all that the caller may read. */
function namedScopes(query: unknown): readonly string[] | null {
  const { scopes: given } = z.object({ scopes: z.union([z.string(), z.array(z.string())]).optional() }).parse(query);
  if (given === undefined) return null;
  const names = [given].flat().flatMap((text) => text.split(",").map((name) => name.trim()));
  return names.includes(ALL) ? [] : names;
}
const ALL = "all";

/** That something failed is everybody's business; why, the operator's: it can name files. */
function standingOf({ aggregations, ...scope }: ScopeStatus): ScopeStanding {
  return {
    ...scope,
    aggregations: aggregations.map(({ error, ...status }) => ({ ...status, failed: error !== null })),
  };
}

async function scopes({ queries, repositoryTitle }: InfoRoutesOptions, caller: Caller): Promise<readonly ScopeEntry[]> {
  const communities = await queries.scopes.readable(caller);
  const repository = queries.scopes.isOffered(null, caller)
    ? [{ key: "global", slug: null, title: repositoryTitle }]
    : [];
  return [...repository, ...communities.map((line) => scopeEntry(line))];
}
