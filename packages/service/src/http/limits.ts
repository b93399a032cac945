import type { FastifyHttpOptions } from "fastify";
import type { Server } from "node:http";
import type { Limits } from "../config/access.ts";

/** Headers of a request arrive in so long, whatever the body may take. */
const HEADERS_MS = 10_000;
/** How often the server looks for requests that are late. */
const LOOK_MS = 2_000;
/** A connection on which nothing moves, neither in nor out. */
const SILENCE_MS = 60_000;

/** What the server itself holds callers to: size and time of a request, and whose word for the caller's address counts. */
export function serverLimits(limits: Limits): FastifyHttpOptions<Server> {
  const arrivalMs = limits.arrivalSeconds * 1000;
  return {
    bodyLimit: limits.bodyBytes,
    requestTimeout: arrivalMs,
    connectionTimeout: Math.max(SILENCE_MS, limits.answerSeconds * 1000 + LOOK_MS),
    http: { headersTimeout: Math.min(HEADERS_MS, arrivalMs), connectionsCheckingInterval: LOOK_MS },
    trustProxy: limits.trustedProxies.length === 0 ? false : [...limits.trustedProxies],
  };
}
