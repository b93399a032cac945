import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** What a page elsewhere may read beside the usual headers. */
const EXPOSED = [
  "content-disposition",
  "etag",
  "retry-after",
  "x-request-id",
  "x-stats-as-of",
  "x-stats-generated",
  "x-stats-incomplete-days",
  "x-stats-missing-days",
  "x-stats-rule-version",
  "x-stats-version",
];
const PREFLIGHT_SECONDS = 3600;

/** Lets pages of these origins read the API, never with the cookies of its visitors. Without origins nothing is changed. */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST"],
    allowedHeaders: ["accept", "authorization", "content-type", "if-none-match"],
    exposedHeaders: EXPOSED,
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  });
}
