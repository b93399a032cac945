import { existsSync } from "node:fs";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { StatsError, UnknownScopeError } from "@community-stats/contract/problems.ts";
import { forgetClosed } from "../cache/closed-scopes.ts";
import { cachePath, type OpenedCache, openCache, openKeptAnswers } from "../cache/open-cache.ts";
import type { KeptAnswers } from "../cache/kept-answers.ts";
import { Queries } from "../query/queries.ts";
import { switchesOf } from "../query/switches.ts";
import type { CommandContext } from "./command.ts";

/** The configuration keeps no answers that commands could find. */
export class NoCacheError extends StatsError {
  readonly code = "NO_CACHE";
  readonly status = 500;
  readonly hint =
    "Set COMMUNITY_STATS_CACHE_MAX_BYTES to more than 0, and COMMUNITY_STATS_ENGINE to an engine that keeps data.";
  constructor() {
    super(
      "No answers are kept on disk or in Redis: the cache is switched off, or the engine keeps everything in memory.",
    );
  }
}

/** A command may wait for others; a visitor may not. */
const BUSY_MS = 30_000;

/** Does something with what is kept behind the memory, and closes it. @throws NoCacheError */
export async function withKeptAnswers<T>(
  context: CommandContext,
  work: (kept: KeptAnswers) => T | Promise<T>,
): Promise<T> {
  const { config, now } = context;
  const kept = openKeptAnswers({ config, now, warn: warner(context), busyMs: BUSY_MS });
  if (kept === null) throw new NoCacheError();
  try {
    return await work(kept);
  } finally {
    await kept.close();
  }
}

/** Does something with answers and their cache, and closes it. @throws NoCacheError */
export async function withCache<T>(
  context: CommandContext,
  work: (cache: OpenedCache, queries: Queries) => Promise<T>,
): Promise<T> {
  const { config, now } = context;
  const queries = await openQueries(context);
  const cache = openCache({ config, queries, now, warn: warner(context), busyMs: BUSY_MS });
  try {
    if (cache.kept === null) throw new NoCacheError();
    return await work(cache, queries);
  } finally {
    await cache.close();
  }
}

async function openQueries(context: CommandContext): Promise<Queries> {
  const { config, now } = context;
  const { breakdowns, topLimit, weekStart, dashboard } = config;
  const engine = await context.engine();
  const shown = { breakdowns, topLimit, weekStart, layouts: dashboard };
  return new Queries({ engine, now, switches: switchesOf(config), ...shown });
}

/** Removes the answers about communities that are deleted or not public by now. */
export async function forgetClosedAnswers(context: CommandContext): Promise<void> {
  const { config, now } = context;
  // No file is made only to find it empty.
  if (config.cache.redis === null && !existsSync(cachePath(config.dataDir))) return;
  const kept = openKeptAnswers({ config, now, warn: warner(context), busyMs: BUSY_MS });
  if (kept === null) return;
  const holder = {
    scopes: async () => new Set(await kept.scopes()),
    forgetScopes: async (scopes: ReadonlySet<string>) => {
      await kept.removeScopes([...scopes]);
    },
  };
  try {
    await forgetClosed(holder, await (await context.engine()).facts.communities());
  } finally {
    await kept.close();
  }
}

/** State of the numbers now; null where nothing is counted. */
export async function presentState(context: CommandContext): Promise<string | null> {
  return await (await openQueries(context)).state();
}

function warner({ stderr }: CommandContext): (what: string) => void {
  return (what) => stderr.write(`Warning: ${what}\n`);
}

/** Names of scopes by id: slugs, where they are known. */
export async function scopeNames(context: CommandContext): Promise<ReadonlyMap<string, string>> {
  const communities = await (await context.engine()).facts.communities();
  return new Map(communities.map(({ id, slug }) => [id, slug]));
}

/**
 * The scope of an id or slug. What the cache holds is found by id also when the community is gone.
 * @throws UnknownScopeError
 */
export async function scopeNamed(context: CommandContext, kept: KeptAnswers, name: string): Promise<string> {
  if (name === GLOBAL_KEY) return name;
  const communities = await (await context.engine()).facts.communities();
  const found = communities.find(({ id }) => id === name) ?? communities.find(({ slug }) => slug === name);
  if (found !== undefined) return found.id;
  if ((await kept.scopes()).includes(name)) return name;
  throw new UnknownScopeError(name);
}
