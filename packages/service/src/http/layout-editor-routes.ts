import { UnknownScopeError } from "@community-stats/contract/problems.ts";
import { layoutEditorPath } from "@community-stats/contract/tool-pages.ts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Caller } from "../query/scopes.ts";
import type { Assets } from "./assets.ts";
import type { FrameLanguages } from "./frame-words.ts";
import { pageConfig, type PageSource } from "./page-config.ts";
import { dashboardPage, notFoundPage, type NotFoundFrame } from "./page-html.ts";
import { sendPage } from "./page-routes.ts";
import { routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

export interface LayoutEditorOptions {
  readonly queries: Queries;
  readonly source: PageSource;
  readonly assets: Assets | null;
  /** Around what is said of a community that cannot be shown. */
  readonly notFound: NotFoundFrame;
  readonly now: () => number;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly languages: FrameLanguages;
}

/**
 * Where layouts are written and looked at with invented numbers. It begins with the layout of the repository, or of the community that
 * is named, and tells of it what that community's page tells whoever asks.
 */
export function registerLayoutEditor(app: FastifyInstance, options: LayoutEditorOptions): void {
  const { queries, source, assets, now, callerOf } = options;
  const path = layoutEditorPath(routePath(source.dashboard.routes.global));
  app.get(path, async (request, reply) => {
    const words = options.languages(request);
    try {
      const named = communityIn(request.url);
      const scope = named === null ? null : await queries.scopes.resolve(named, callerOf(request));
      const moment = { now: now(), generated: true, breakdowns: await queries.breakdowns() };
      const config = pageConfig(source, scope?.community ?? null, moment);
      const about = words.text("layoutEditor.title");
      return await sendPage(reply, dashboardPage(config, { assets, template: null, words, about }));
    } catch (error) {
      if (!(error instanceof UnknownScopeError)) throw error;
      return await sendPage(reply.code(404), notFoundPage(words, options.notFound));
    }
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

/** The first that is named; an empty name is none. */
function communityIn(url: string): string | null {
  const [, query = ""] = url.split("?");
  return new URLSearchParams(query).get("community") || null;
}
