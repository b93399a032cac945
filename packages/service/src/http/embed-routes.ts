import { posix } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Caller } from "../query/scopes.ts";
import { pageConfig, type PageSource } from "./page-config.ts";
import { routePath } from "./paths.ts";
import { NotFoundError } from "./problems.ts";
import { DASHBOARD_API_PATH, refuseOtherMethods } from "./stats-routes.ts";

export interface EmbedRoutesOptions {
  readonly queries: Queries;
  readonly source: PageSource;
  /** Address of the built element; null where the dashboard is not built. */
  readonly script: string | null;
  readonly now: () => number;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/**
 * The element `<community-stats>` for pages elsewhere: its script at an address that stays, and what the page of a scope is configured with.
 * Anybody may load the script; who may read numbers from elsewhere is said by COMMUNITY_STATS_CORS_ORIGINS.
 */
export function registerEmbedRoutes(app: FastifyInstance, options: EmbedRoutesOptions): void {
  const script = routePath(`${options.source.dashboard.routes.global}/community-stats.js`);
  app.get(script, (_request, reply) => {
    if (options.script === null) throw new NotFoundError(script);
    return sendScript(reply, `./${posix.relative(posix.dirname(script), options.script)}`);
  });
  refuseOtherMethods(app, script, ["GET", "HEAD"]);
  const page = `${DASHBOARD_API_PATH}/page`;
  app.get<{ Querystring: { community_id?: unknown } }>(page, async (request, reply) => {
    const { community_id: named = "global" } = request.query;
    return reply.header("cache-control", "no-store").send(await pageOf(options, request, String(named)));
  });
  refuseOtherMethods(app, page, ["GET", "HEAD"]);
}

/**
 * Asked for each time: a kept one would name a file that a newer version no longer has.
 * @param script relative to where the answer stands, since a proxy may show both below a folder of its own.
 */
function sendScript(reply: FastifyReply, script: string): FastifyReply {
  return openToAll(reply)
    .header("cache-control", "no-cache")
    .type("text/javascript; charset=utf-8")
    .send(`import ${JSON.stringify(script)};\n`);
}

/** Scripts and styles hold nothing of anybody's; a page elsewhere loads modules only with this. */
export function openToAll(reply: Pick<FastifyReply, "header">): FastifyReply {
  return reply.header("access-control-allow-origin", "*").header("cross-origin-resource-policy", "cross-origin");
}

async function pageOf({ queries, source, now, callerOf }: EmbedRoutesOptions, request: FastifyRequest, named: string) {
  const scope = named === "global" ? null : await queries.scopes.resolve(named, callerOf(request));
  const { generated } = await queries.status();
  return pageConfig(source, scope?.community ?? null, {
    now: now(),
    generated,
    breakdowns: await queries.breakdowns(),
  });
}
