import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { SCHEMA_PATH } from "../export/xml.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

/** The schema of exported XML, at the address that stays. */
export async function registerSchemaRoutes(app: FastifyInstance): Promise<void> {
  const schema = await readFile(new URL("../export/data-series.xsd", import.meta.url), "utf8");
  app.get(SCHEMA_PATH, (_request, reply) =>
    reply.type("application/xml; charset=utf-8").header("cache-control", "public, max-age=86400").send(schema),
  );
  refuseOtherMethods(app, SCHEMA_PATH, ["GET", "HEAD"]);
}
