import { galleryPath } from "@community-stats/contract/tool-pages.ts";
import type { FastifyInstance } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Assets } from "./assets.ts";
import type { FrameLanguages } from "./frame-words.ts";
import { pageConfig, type PageSource } from "./page-config.ts";
import { dashboardPage } from "./page-html.ts";
import { sendPage } from "./page-routes.ts";
import { routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

export interface GalleryOptions {
  readonly queries: Queries;
  readonly source: PageSource;
  readonly assets: Assets | null;
  readonly now: () => number;
  readonly languages: FrameLanguages;
}

/** Every widget with invented numbers, for those who write layouts. It tells nothing of this repository but its name. */
export function registerGallery(
  app: FastifyInstance,
  { queries, source, assets, now, languages }: GalleryOptions,
): void {
  const path = galleryPath(routePath(source.dashboard.routes.global));
  app.get(path, async (request, reply) => {
    const moment = { now: now(), generated: true, breakdowns: await queries.breakdowns() };
    return sendPage(
      reply,
      dashboardPage(pageConfig(source, null, moment), { assets, template: null, words: languages(request) }),
    );
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}
