import type { FastifyInstance, InjectOptions } from "fastify";
import { openMemory } from "../../src/engines/memory/open.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { CommunityLine } from "../../src/engine/facts.ts";
import { community, writeRollups } from "../counted-world.ts";
import { IDS, type User } from "./stub-repository.ts";

export const ADMIN_TOKEN = "an-administrator-token-of-the-service";

/** Slugs of what a request may be about, and what there is behind. */
export const COMMUNITIES = {
  global: "the whole repository",
  physics: "public",
  "physics-optics": "public, within a restricted one",
  "restricted-lab": "restricted",
  history: "public, chose to be off",
  empty: "public, chose to be on",
  gone: "deleted",
  "no-such-community": "unknown",
} as const;
export type Name = keyof typeof COMMUNITIES;

export const CALLERS = {
  guest: {},
  "bad token": { authorization: "Bearer nobody-has-this-token" },
  "bad cookie": { cookie: "session=nobody; csrftoken=x" },
  "stranger by token": bearer("stranger"),
  "stranger by cookie": session("stranger"),
  "reader by token": bearer("reader"),
  "reader by cookie": session("reader"),
  "owner by token": bearer("owner"),
  "owner by cookie": session("owner"),
  "repository's admin by token": bearer("admin"),
  "repository's admin by cookie": session("admin"),
  "wrong administrator token": { authorization: `Bearer ${ADMIN_TOKEN}x` },
  "administrator token as cookie": { cookie: `session=${ADMIN_TOKEN}` },
  "service's administrator": { authorization: `Bearer ${ADMIN_TOKEN}` },
} as const;
export type CallerName = keyof typeof CALLERS;
/** Those whom the recorded answers let into the restricted community, and the administrator of the service. */
export const MEMBERS: readonly CallerName[] = [
  "reader by token",
  "reader by cookie",
  "owner by token",
  "owner by cookie",
  "repository's admin by token",
  "repository's admin by cookie",
  "service's administrator",
];

export function headersOf(caller: CallerName): Record<string, string> {
  return { ...CALLERS[caller] };
}

function bearer(user: User) {
  return { authorization: `Bearer lab-token-${user}` };
}
function session(user: User) {
  return { cookie: `csrftoken=abc; session=${user}` };
}

function line(slug: string, more: Partial<CommunityLine>): CommunityLine {
  return community(IDS[slug] ?? `id-of-${slug}`, { slug, title: `Title of ${slug}`, dashboardEnabled: null, ...more });
}

/** Numbers of every community, the deleted one's included. */
export async function accessWorld(engine: Engine = openMemory({ clock: Date.now })): Promise<Engine> {
  const restricted = line("restricted-lab", { visibility: "restricted" });
  const communities = [
    line("physics", {}),
    line("physics-optics", { parent: restricted.id }),
    restricted,
    line("history", { dashboardEnabled: false }),
    line("empty", { dashboardEnabled: true }),
    line("gone", { deleted: true }),
  ];
  await engine.facts.append({ communities });
  const rows = [{ breakdown: "", id: "", day: "2025-03-10", counters: { viewEvents: 7, viewVisitors: 5 } }];
  const scopes = ["global", ...communities.map(({ id }) => id)];
  await writeRollups(
    engine,
    scopes.map((scope) => ({ scope, kind: "usage" as const, rows })),
    { through: "2025-03-12" },
  );
  return engine;
}

/** The ways to a community's numbers. */
export const ROUTES = {
  "POST /api/stats": (name: Name, format: string) => post(`/api/stats?format=${format}`, name),
  "POST /api/stats-dashboard": (name: Name, format: string) => post(`/api/stats-dashboard?format=${format}`, name),
  "GET twin": (name: Name, format: string) => ({
    url: `/api/stats-dashboard/usage-delta-category?community_id=${name}&format=${format}&start_date=2025-03-10&end_date=2025-03-11`,
  }),
} as const satisfies Record<string, (name: Name, format: string) => InjectOptions>;
export type RouteName = keyof typeof ROUTES;

function post(url: string, name: Name): InjectOptions {
  const params = { community_id: name, start_date: "2025-03-10", end_date: "2025-03-11" };
  return {
    method: "POST",
    url,
    payload: { a: { stat: "usage-delta-category", params } },
    headers: { "content-type": "application/json" },
  };
}

export function pageOf(name: Name): InjectOptions {
  return { url: name === "global" ? "/stats" : `/communities/${name}/stats` };
}

/** The page where its layout is written. */
export function layoutEditorOf(name: Name): InjectOptions {
  return { url: `/stats/layout-editor${name === "global" ? "" : `?community=${name}`}` };
}

/** The page that tells how far its numbers go. */
export function standingOf(name: Name): InjectOptions {
  return { url: `${String(pageOf(name).url)}/status` };
}

export async function ask(app: FastifyInstance, caller: CallerName, options: InjectOptions) {
  return await app.inject({ ...options, headers: { ...options.headers, ...headersOf(caller) } });
}
