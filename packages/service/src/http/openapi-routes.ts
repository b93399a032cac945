import type { FastifyInstance } from "fastify";
import type { Offer } from "../export/registry.ts";
import { openApiDocument } from "./openapi.ts";
import { openApiPage } from "./openapi-page.ts";
import { DASHBOARD_API_PATH, refuseOtherMethods } from "./stats-routes.ts";

/** It changes with the program and its configuration only. */
const CACHING = "public, max-age=3600";

/** The description of the API, for programs and for people. */
export function registerOpenApiRoutes(app: FastifyInstance, offers: readonly Offer[]): void {
  const document = openApiDocument({ offers, base: DASHBOARD_API_PATH });
  const serve = (path: string, type: string, text: string) => {
    app.get(path, (_request, reply) => reply.type(type).header("cache-control", CACHING).send(text));
    refuseOtherMethods(app, path, ["GET", "HEAD"]);
  };
  serve(`${DASHBOARD_API_PATH}/openapi.json`, "application/json; charset=utf-8", JSON.stringify(document));
  serve(`${DASHBOARD_API_PATH}/docs`, "text/html; charset=utf-8", openApiPage(document));
}
