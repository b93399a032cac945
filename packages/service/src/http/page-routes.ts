import { UnknownScopeError } from "@community-stats/contract/problems.ts";
import type { PageConfig, PageValue } from "@community-stats/contract/page.ts";
import { standingPath } from "@community-stats/contract/standing.ts";
import { valueIdIn, valueRoute } from "@community-stats/contract/value-page.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Caller } from "../query/scopes.ts";
import { lookUpValue } from "../query/value-lookup.ts";
import type { Assets } from "./assets.ts";
import type { FrameLanguages } from "./frame-words.ts";
import { pageConfig, valuePageConfig, type PageSource } from "./page-config.ts";
import { dashboardPage, notFoundPage } from "./page-html.ts";
import type { Template } from "./page-template.ts";
import { routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

export interface PageRoutesOptions {
  readonly queries: Queries;
  readonly source: PageSource;
  readonly assets: Assets | null;
  /** Of the pages that tell how far the numbers go. */
  readonly standingAssets: Assets | null;
  /** Null: pages of our own. */
  readonly templates: { readonly global: Template | null; readonly community: Template | null };
  readonly now: () => number;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly languages: FrameLanguages;
}

/** The dashboards of the repository and of each community, and how far the numbers of each go; `/` leads to the first. */
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
  for (const dashboard of [
    { path: global, ofCommunity: false },
    { path: community, ofCommunity: true },
  ]) {
    registerValueRoute(app, options, dashboard);
    registerStandingRoute(app, options, dashboard);
  }
  if (global !== "/") app.get("/", (_request, reply) => reply.redirect(global, 302));
}

interface DashboardRoute {
  readonly path: string;
  readonly ofCommunity: boolean;
}

/** One value of a breakdown, below the dashboard that it narrows. */
function registerValueRoute(
  app: FastifyInstance,
  options: PageRoutesOptions,
  { path: dashboard, ofCommunity }: DashboardRoute,
): void {
  const path = valueRoute(dashboard);
  app.get<{ Params: Record<string, string> }>(path, (request, reply) => {
    const { "*": rest = "", breakdown = "", ...others } = request.params;
    const community = ofCommunity ? (Object.values(others)[0] ?? "") : null;
    return showPage(options, request, { reply, community, value: { breakdown, id: valueIdIn(rest) } });
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

/** How far the numbers of a dashboard go. */
function registerStandingRoute(
  app: FastifyInstance,
  options: PageRoutesOptions,
  { path: dashboard, ofCommunity }: DashboardRoute,
): void {
  const path = standingPath(dashboard);
  app.get<{ Params: Record<string, string> }>(path, (request, reply) => {
    const community = ofCommunity ? (Object.values(request.params)[0] ?? "") : null;
    return showPage(options, request, { reply, community, standing: true });
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

interface PageTarget {
  readonly reply: FastifyReply;
  /** Id or slug; null for the repository. */
  readonly community: string | null;
  /** The one value that the page is about. */
  readonly value?: Pick<PageValue, "breakdown" | "id">;
  /** The page tells how far the numbers go. */
  readonly standing?: boolean;
}

async function showPage(
  options: PageRoutesOptions,
  request: FastifyRequest,
  { reply, community, value, standing = false }: PageTarget,
): Promise<FastifyReply> {
  const { queries, source, assets, templates, now, callerOf } = options;
  const words = options.languages(request);
  const parts = {
    ...(standing ? { assets: options.standingAssets, about: words.text("standing.title") } : { assets }),
    template: community === null ? templates.global : templates.community,
    words,
  };
  const notFound = () => notFoundPage(words, { assets, back: routePath(source.dashboard.routes.global) });
  try {
    const scope = community === null ? null : await queries.scopes.resolve(community, callerOf(request));
    const { generated, asOf } = await queries.status();
    const moment = { now: now(), generated, breakdowns: await queries.breakdowns() };
    const config = pageConfig(source, scope?.community ?? null, moment);
    if (value === undefined || !config.enabled) return await sendPage(reply, dashboardPage(config, parts));
    const found = await valueOf(options, request, { config, value, counted: asOf !== null });
    if (found === null) return await sendPage(reply.code(404), notFound());
    return await sendPage(reply, dashboardPage(valuePageConfig(config, found), parts));
  } catch (error) {
    if (error instanceof UnknownScopeError) return await sendPage(reply.code(404), notFound());
    throw error;
  }
}

interface ValueOnPage {
  readonly config: PageConfig;
  readonly value: Pick<PageValue, "breakdown" | "id">;
  /** Before the first calculation, nobody knows which values there are. */
  readonly counted: boolean;
}

/** The value with its name; null where the scope has none such. */
async function valueOf(
  { queries, callerOf }: PageRoutesOptions,
  request: FastifyRequest,
  { config, value, counted }: ValueOnPage,
): Promise<PageValue | null> {
  const { breakdown: name, id } = value;
  const breakdown = (await queries.breakdowns()).find((known) => known.name === name);
  if (breakdown === undefined || id === "") return null;
  if (!counted) return { ...value, label: id };
  return lookUpValue(queries, { scope: config.scope, breakdown, id }, callerOf(request));
}

export function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.header("cache-control", "no-store").type("text/html; charset=utf-8").send(html);
}
