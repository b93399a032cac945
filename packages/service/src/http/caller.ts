import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AccessSettings } from "../config/access.ts";
import { RepositoryAccess } from "../invenio/access.ts";
import { PUBLIC_ONLY, VISITOR, type Caller, type Credential, type ReadRights } from "../query/scopes.ts";
import { RepositoryRights } from "./caller-rights.ts";

/** Tells who asks, and what they may read. */
export interface Access {
  readonly rights: ReadRights;
  readonly callerOf: (request: FastifyRequest) => Caller;
  /** Whether what the caller was told depended on who it is. */
  readonly isPersonal: (caller: Caller) => boolean;
}

export interface AccessOptions {
  readonly settings: Pick<AccessSettings, "repositoryUrl" | "adminToken">;
  readonly fetch: typeof fetch;
  /** For one answer of the repository. */
  readonly timeoutMs?: number;
  /** Milliseconds of a clock that only goes forward; by default the process's. */
  readonly now?: () => number;
  readonly onTrouble?: (reason: string) => void;
}

export function openAccess({ settings, ...asking }: AccessOptions): Access {
  const { repositoryUrl: url, adminToken } = settings;
  const asked = url === null ? null : new RepositoryRights(new RepositoryAccess({ url, ...asking }));
  const callers = new WeakMap<FastifyRequest, Caller>();
  const administrator = adminToken === null ? null : digest(adminToken.reveal());
  return {
    rights: asked ?? PUBLIC_ONLY,
    callerOf(request) {
      if (isGuest(request)) return VISITOR;
      const caller = callers.get(request) ?? callerFrom(request, administrator);
      callers.set(request, caller);
      return caller;
    },
    isPersonal: (caller) => caller.kind !== "visitor" || asked?.letIn(caller) === true,
  };
}

function callerFrom({ headers }: FastifyRequest, administrator: Buffer | null): Caller {
  const { cookie, authorization } = headers;
  const token = bearerOf(authorization);
  // Digests are of one length, so comparing tells nothing of the token's.
  if (administrator !== null && token !== null && timingSafeEqual(digest(token), administrator)) {
    return { kind: "administrator" };
  }
  const credential: Credential = { cookie: cookie || null, authorization: authorization || null };
  return { kind: "visitor", credential };
}

/** All guests are one caller: nothing is ever noted about who shows no credential. */
function isGuest({ headers: { cookie, authorization } }: FastifyRequest): boolean {
  return !cookie && !authorization;
}

export function bearerOf(authorization: string | undefined): string | null {
  const [, token = null] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  return token;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

const PERSONAL_VARY = ["Cookie", "Authorization"];

/** An answer that depended on the caller is kept by no shared cache, and by the caller's own only if it asks each time. */
export function keepPersonal(app: FastifyInstance, { callerOf, isPersonal }: Access): void {
  // oxlint-disable-next-line max-params -- the framework's; a promise for each request costs more than the look
  app.addHook("onSend", (request, reply, payload, done) => {
    if (isPersonal(callerOf(request))) markPersonal(reply);
    done(null, payload);
  });
}

function markPersonal(reply: FastifyReply): void {
  const control = String(reply.getHeader("cache-control") ?? "");
  if (!control.includes("no-store")) reply.header("cache-control", "private, no-cache");
  const vary = String(reply.getHeader("vary") ?? "");
  reply.header("vary", [...(vary === "" ? [] : [vary]), ...PERSONAL_VARY].join(", "));
}
