import { UnknownScopeError } from "@community-stats/contract/problems.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Caller } from "../query/scopes.ts";
import type { Assets } from "./assets.ts";
import { pageConfig, type PageSource } from "./page-config.ts";
import { dashboardPage, notFoundPage } from "./page-html.ts";
import { routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

export interface PageRoutesOptions {
  readonly queries: Queries;
  readonly source: PageSource;
  readonly assets: Assets | null;
  readonly now: () => number;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** The dashboards of the repository and of each community; `/` leads to the first. */
export function registerPageRoutes(app: FastifyInstance, options: PageRoutesOptions): void {
  const { routes } = options.source.dashboard;
  const global = routePath(routes.global);
  app.get(global, (request, reply) => showPage(options, request, { reply, community: null }));
  refuseOtherMethods(app, global, ["GET", "HEAD"]);
  const community = routePath(routes.community);
  app.get<{ Params: Record<string, string> }>(community, (request, reply) => {
    const [named = ""] = Object.values(request.params);
    return showPage(options, request, { reply, community: named });
  });
  refuseOtherMethods(app, community, ["GET", "HEAD"]);
  if (global !== "/") app.get("/", (_request, reply) => reply.redirect(global, 302));
}

interface PageTarget {
  readonly reply: FastifyReply;
  /** Id or slug; null for the repository. */
  readonly community: string | null;
}

async function showPage(
  { queries, source, assets, now, callerOf }: PageRoutesOptions,
  request: FastifyRequest,
  { reply, community }: PageTarget,
): Promise<FastifyReply> {
  try {
    const scope = community === null ? null : await queries.scopes.resolve(community, callerOf(request));
    const { generated } = await queries.status();
    const config = pageConfig(source, scope?.community ?? null, { now: now(), generated });
    return await sendPage(reply, dashboardPage(config, assets));
  } catch (error) {
    if (error instanceof UnknownScopeError) return await sendPage(reply.code(404), notFoundPage());
    throw error;
  }
}

export function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.header("cache-control", "no-store").type("text/html; charset=utf-8").send(html);
}
