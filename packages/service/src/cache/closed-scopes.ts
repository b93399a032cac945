import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { CommunityLine } from "../engine/facts.ts";
import type { FactStore } from "../engine/fact-store.ts";

/** What may hold answers about scopes. */
export interface ScopeHolder {
  scopes(): Promise<ReadonlySet<string>>;
  forgetScopes(scopes: ReadonlySet<string>): Promise<void>;
}

/** Forgets what is held about communities that are deleted, not public, or unknown. Returns their ids. */
export async function forgetClosed(
  holder: ScopeHolder,
  communities: readonly CommunityLine[],
): Promise<ReadonlySet<string>> {
  const open = new Set([GLOBAL_KEY, ...communities.filter(isOpen).map(({ id }) => id)]);
  const closed = (await holder.scopes()).difference(open);
  if (closed.size > 0) await holder.forgetScopes(closed);
  return closed;
}

export function isOpen({ deleted, visibility }: CommunityLine): boolean {
  return !deleted && visibility === "public";
}

export interface WatchOptions {
  readonly facts: Pick<FactStore, "communities">;
  readonly holder: ScopeHolder;
  readonly everyMs: number;
  readonly failed: (error: unknown) => void;
}

/** Looks again and again which communities are closed by now. Returns a function that ends it. */
export function watchClosed({ facts, holder, everyMs, failed }: WatchOptions): () => void {
  let before: string | null = null;
  const look = async () => {
    const communities = await facts.communities();
    const open = JSON.stringify(communities.filter(isOpen).map(({ id }) => id));
    if (open !== before) await forgetClosed(holder, communities);
    before = open;
  };
  const timer = setInterval(() => void look().catch(failed), everyMs);
  timer.unref();
  void look().catch(failed);
  return () => clearInterval(timer);
}
