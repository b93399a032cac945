import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { openRegistry, type RunRegistry } from "../cache/run-registry.ts";
import type { CommandContext } from "./command.ts";

/** Communities that live, and the repository. */
async function scopesOf(context: CommandContext): Promise<readonly string[]> {
  const communities = await (await context.engine()).facts.communities();
  return [GLOBAL_KEY, ...communities.filter(({ deleted }) => !deleted).map(({ id }) => id)];
}

/**
 * Counts while it is told which communities are being counted.
 * @param work says when it has begun: a run that another keeps from working tells nothing.
 * @param isDone whether it came to its end.
 */
export async function toldCount<T>(
  context: CommandContext,
  work: (begun: () => void) => Promise<T>,
  isDone: (result: T) => boolean,
): Promise<T> {
  return await withRegistry(context, async (registry) => {
    if (registry === null) return await work(() => undefined);
    const scopes = await scopesOf(context);
    const firstRun = scopes.map((scope) => `${scope}_first_run`);
    const result = await registry.during(
      scopes.map((scope) => `${scope}_agg`),
      async (begun) => {
        return await work(() => {
          begun();
          void registry.mark(firstRun, "in_progress", true);
        });
      },
    );
    // Where answers are made by the schedule, a first run is over when the first are there.
    if (isDone(result) && !context.config.scheduledCaching) await registry.mark(firstRun, "completed", false);
    return result;
  });
}

export interface CachedScope {
  readonly key: string;
  readonly years: readonly number[];
}

/** Makes answers while it is told for which communities and years. */
export async function toldCaching<T>(
  context: CommandContext,
  { scopes, isDone }: { readonly scopes: readonly CachedScope[]; readonly isDone: (result: T) => boolean },
  work: () => Promise<T>,
): Promise<T> {
  return await withRegistry(context, async (registry) => {
    if (registry === null) return await work();
    const names = scopes.flatMap(({ key, years }) => years.map((year) => `${key}_cache_${year}`));
    const result = await registry.during(names, async (begun) => {
      begun();
      return await work();
    });
    const firstRun = scopes.map(({ key }) => `${key}_first_run`);
    if (isDone(result)) await registry.mark(firstRun, "completed", false);
    return result;
  });
}

/** Null where the engine does without. */
async function withRegistry<T>(
  { config, now, stderr }: CommandContext,
  told: (registry: RunRegistry | null) => Promise<T>,
): Promise<T> {
  const registry = openRegistry(config, { now, warn: (what) => void stderr.write(`${what}\n`) });
  try {
    return await told(registry);
  } finally {
    await registry?.close();
  }
}
