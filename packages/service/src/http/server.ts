import helmet from "@fastify/helmet";
import serveStatic from "@fastify/static";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Limits } from "../config/access.ts";
import type { Answering } from "../cache/answering.ts";
import { directAnswering } from "../cache/direct-answering.ts";
import { defaultOffers, type Offer } from "../export/registry.ts";
import type { Queries } from "../query/queries.ts";
import { readAssets, type Assets } from "./assets.ts";
import { answerClientError } from "./client-errors.ts";
import { keepPersonal, type Access } from "./caller.ts";
import { registerHowWeCount } from "./how-we-count.ts";
import { registerInfoRoutes } from "./info-routes.ts";
import { answerKept, KeptResponses } from "./kept-responses.ts";
import { registerRateLimits } from "./limits-rates.ts";
import { serverLimits } from "./limits.ts";
import { allowOrigins } from "./cors.ts";
import { openToAll, registerEmbedRoutes } from "./embed-routes.ts";
import { registerOpenApiRoutes } from "./openapi-routes.ts";
import type { PageSource } from "./page-config.ts";
import { loadFrameLanguages, type FrameLanguages } from "./frame-words.ts";
import { notFoundPage, type NotFoundFrame } from "./page-html.ts";
import { routePath } from "./paths.ts";
import { registerGallery } from "./gallery-routes.ts";
import { registerLayoutEditor } from "./layout-editor-routes.ts";
import { registerPageRoutes, sendPage } from "./page-routes.ts";
import { readTemplates } from "./page-template.ts";
import { NotFoundError, problemOf, sendProblem } from "./problems.ts";
import { registerSchemaRoutes } from "./schema-routes.ts";
import { registerStatsRoutes } from "./stats-routes.ts";

export interface ServerOptions {
  readonly queries: Queries;
  readonly pages: PageSource;
  /** Folder of the built dashboard. */
  readonly dashboardFolder: string;
  readonly log: FastifyBaseLogger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Who asks; its rights are those of `queries`. */
  readonly access: Access;
  readonly limits: Limits;
  /** What makes the bytes of answers; by default each request anew. */
  readonly answering?: Answering;
  /** Media types of answers; by default all that come with the service. */
  readonly offers?: readonly Offer[];
  /** Origins whose pages may read the API; by default none. */
  readonly corsOrigins?: readonly string[];
}

const MAX_PARAMETER = 300;
const ASSETS_PREFIX = "/";

/** Puts the routes together. Listening is the caller's. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    // The default line holds the address of the caller.
    logController: new LogController({ disableRequestLogging: true }),
    ...serverLimits(options.limits),
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      void sendProblem(request, reply, problemOf(error, options.log));
    },
  });
  app.removeContentTypeParser("text/plain");
  await protect(app);
  await allowOrigins(app, options.corsOrigins ?? []);
  addHooks(app);
  keepPersonal(app, options.access);
  await registerRateLimits(app, options.limits);
  const { queries, pages, access } = options;
  const answering = options.answering ?? directAnswering({ queries, site: pages });
  const kept = new KeptResponses({
    answering,
    isCurrent: (prepared, caller) => queries.isCurrent(prepared, caller),
    callerOf: access.callerOf,
  });
  answerKept(app, kept);
  const assets = await readAssets(options.dashboardFolder, ASSETS_PREFIX, "src/main.tsx");
  const languages = await loadFrameLanguages();
  addErrorHandlers(app, languages, { assets, back: routePath(pages.dashboard.routes.global) });
  await registerRoutes(app, options, { answering, kept, assets, languages });
  return app;
}

/** Scripts come from files only; the configuration of a page is inert JSON. Styles are set by the charts, too. */
const HELMET = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:", "blob:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
  // Whether the site is reached by TLS only is known to the proxy in front.
  hsts: false,
  referrerPolicy: { policy: "strict-origin-when-cross-origin" as const },
  crossOriginEmbedderPolicy: false,
};

/** The headers of helmet never change, so they are written down once: making them anew took longer than finding a kept answer. */
async function protect(app: FastifyInstance): Promise<void> {
  const probe = fastify();
  await probe.register(helmet, HELMET);
  probe.get("/", (_request, reply) => reply.code(204).send());
  const { headers } = await probe.inject("/");
  await probe.close();
  const ofMoment = ["date", "connection", "keep-alive", "content-length", "content-type"];
  const fixed = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofMoment.includes(name)));
  // oxlint-disable-next-line max-params -- the framework's
  app.addHook("onSend", (request, reply, payload, done) => {
    for (const name in fixed) if (!reply.hasHeader(name)) reply.header(name, fixed[name]);
    reply.header("x-request-id", request.id);
    done(null, payload);
  });
}

function addHooks(app: FastifyInstance): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "unknown";
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, route, status: reply.statusCode, ms }, "request");
    done();
  });
}

function addErrorHandlers(app: FastifyInstance, languages: FrameLanguages, frame: NotFoundFrame): void {
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, problemOf(error, request.log)));
  app.setNotFoundHandler((request, reply) => {
    const [path = "/"] = request.url.split("?");
    const wantsPage = !path.startsWith("/api") && (request.headers.accept ?? "").includes("text/html");
    if (wantsPage) return sendPage(reply.code(404), notFoundPage(languages(request), frame));
    return sendProblem(request, reply, new NotFoundError(path).toProblem());
  });
}

interface RouteParts {
  readonly answering: Answering;
  readonly kept: KeptResponses;
  readonly assets: Assets | null;
  readonly languages: FrameLanguages;
}

async function registerRoutes(
  app: FastifyInstance,
  options: ServerOptions,
  { answering, kept, assets, languages }: RouteParts,
): Promise<void> {
  const { queries, pages, now, dashboardFolder } = options;
  const { callerOf } = options.access;
  registerInfoRoutes(app, { queries, callerOf, repositoryTitle: pages.repositoryTitle });
  const offers = options.offers ?? (await defaultOffers());
  await registerSchemaRoutes(app);
  registerOpenApiRoutes(app, offers);
  registerStatsRoutes(app, { queries, callerOf, answering, offers, limits: options.limits, kept });
  registerPageRoutes(app, {
    queries,
    source: pages,
    assets,
    standingAssets: await readAssets(dashboardFolder, ASSETS_PREFIX, "src/standing.tsx"),
    templates: await readTemplates(pages.dashboard.frame.templates),
    now,
    callerOf,
    languages,
  });
  const gallery = await readAssets(dashboardFolder, ASSETS_PREFIX, "src/gallery.tsx");
  registerGallery(app, { queries, source: pages, assets: gallery, now, languages });
  const editor = await readAssets(dashboardFolder, ASSETS_PREFIX, "src/layout-editor.tsx");
  const notFound = { assets, back: routePath(pages.dashboard.routes.global) };
  registerLayoutEditor(app, { queries, source: pages, assets: editor, notFound, now, callerOf, languages });
  const element = await readAssets(dashboardFolder, ASSETS_PREFIX, "src/embed.ts");
  registerEmbedRoutes(app, { queries, source: pages, script: element?.script ?? null, now, callerOf });
  const { repositoryTitle, dashboard } = pages;
  await registerHowWeCount(app, {
    queries,
    assets,
    repositoryTitle,
    globalRoute: dashboard.routes.global,
    languages,
  });
  const files = join(dashboardFolder, "assets");
  if (existsSync(files)) {
    // File names carry a hash of their content.
    await app.register(serveStatic, {
      root: files,
      prefix: `${ASSETS_PREFIX}assets/`,
      immutable: true,
      maxAge: "1y",
      index: false,
      decorateReply: false,
      preCompressed: true,
      setHeaders: (reply) => openToAll(reply),
    });
  }
}
