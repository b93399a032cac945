import rateLimit from "@fastify/rate-limit";
import { StatsError } from "@community-stats/contract/problems.ts";
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../config/access.ts";
import { bearerOf } from "./caller.ts";

const MINUTE_MS = 60_000;
/** Addresses and tokens that are remembered; the one seen longest ago goes first. */
const MOST_KEYS = 20_000;
/** IPv6 hands out whole networks; who has one has all its addresses. */
const IPV6_NETWORK = 64;

/** Asked by the machines around the service, and files that cost nothing. */
const FREE_ROUTES = ["/health/live", "/health/ready", "/assets/*"];

class TooManyRequestsError extends StatsError {
  readonly code = "TOO_MANY_REQUESTS";
  readonly status = 429;
  readonly hint: string;
  constructor(whose: string, { max, seconds }: Allowance) {
    super(`More than ${max.toLocaleString("en")} requests in a minute ${whose}.`);
    this.hint = `Wait ${seconds} s; several queries also fit into one request.`;
  }
}

interface Allowance {
  readonly max: number;
  readonly remaining: number;
  readonly seconds: number;
  readonly exceeded: boolean;
}
type Check = (request: FastifyRequest) => Promise<Allowance | null>;

/** Counts requests by address and by bearer token; both allowances hold, the tighter one is told. */
export async function registerRateLimits(app: FastifyInstance, limits: Limits): Promise<void> {
  if (limits.requestsPerAddress === 0 && limits.requestsPerToken === 0) return;
  await app.register(rateLimit, { global: false, cache: MOST_KEYS, timeWindow: MINUTE_MS, ipv6Subnet: IPV6_NETWORK });
  const byAddress = check(app, { max: limits.requestsPerAddress });
  const byToken = check(app, { max: limits.requestsPerToken, keyGenerator: tokenKey });
  app.addHook("onRequest", async (request, reply) => {
    if (FREE_ROUTES.includes(request.routeOptions.url ?? "")) return;
    const hasToken = bearerOf(request.headers.authorization) !== null;
    spend(reply, await byAddress(request), "from this address");
    if (hasToken) spend(reply, await byToken(request), "with this token");
  });
}

interface CheckOptions {
  readonly max: number;
  readonly keyGenerator?: (request: FastifyRequest) => string;
}

function check(app: FastifyInstance, options: CheckOptions): Check {
  if (options.max === 0) return async () => null;
  const count = app.createRateLimit(options);
  return async (request) => {
    const counted = await count(request);
    if (counted.isAllowed) return null;
    const { max, remaining, ttlInSeconds: seconds, isExceeded: exceeded } = counted;
    return { max, remaining, seconds, exceeded };
  };
}

/** The token itself is not kept. */
function tokenKey(request: FastifyRequest): string {
  return createHash("sha256")
    .update(bearerOf(request.headers.authorization) ?? "")
    .digest("base64");
}

function spend(reply: FastifyReply, allowance: Allowance | null, whose: string): void {
  if (allowance === null) return;
  const { max, remaining, seconds, exceeded } = allowance;
  const told = reply.getHeader("x-ratelimit-remaining");
  if (told === undefined || remaining < Number(told) || exceeded) {
    reply.headers({ "x-ratelimit-limit": max, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": seconds });
  }
  if (!exceeded) return;
  reply.header("retry-after", Math.max(1, seconds));
  throw new TooManyRequestsError(whose, allowance);
}
