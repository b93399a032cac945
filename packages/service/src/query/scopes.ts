import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { ScopeEntry } from "@community-stats/contract/page.ts";
import { UnknownScopeError } from "@community-stats/contract/problems.ts";
import type { CommunityLine } from "../engine/facts.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import type { PlannedScope } from "./daily.ts";

/** Who asks. An operator reads on the machine itself and may read everything. */
export type Caller = { readonly kind: "operator" } | { readonly kind: "visitor" };
export const OPERATOR: Caller = { kind: "operator" };
export const VISITOR: Caller = { kind: "visitor" };

/** Decides whether a caller may read a community's numbers. Asked only about communities that exist. */
export interface ReadRights {
  mayRead(community: CommunityLine, caller: Caller): Promise<boolean>;
}

/** Public communities are open to everyone, restricted ones to nobody but the operator. */
export const PUBLIC_ONLY: ReadRights = {
  async mayRead(community, caller) {
    return caller.kind === "operator" || community.visibility === "public";
  },
};

/** A scope that the caller may read. */
export interface ReadableScope extends PlannedScope {
  /** Null for the whole repository, and for a community of which only numbers are known. */
  readonly community: CommunityLine | null;
}

export interface ScopeSource {
  readonly facts: Pick<FactStore, "communities">;
  readonly rollups: Pick<RollupStore, "code">;
  readonly rights: ReadRights;
  readonly now: () => number;
}

/** How long the list of communities is remembered. */
const MEMORY_MS = 1000;

/** Communities by id and slug. Unknown, deleted and unreadable ones cannot be told apart. */
export class Scopes {
  readonly #source: ScopeSource;
  #communities: readonly CommunityLine[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(source: ScopeSource) {
    this.#source = source;
  }

  /** @throws UnknownScopeError for everything that the caller may not read. */
  async resolve(value: string, caller: Caller): Promise<ReadableScope> {
    if (value === GLOBAL_KEY) return this.#scope(GLOBAL_KEY, null);
    const community = find(await this.#all(), value);
    if (community !== null && (await this.#isReadable(community, caller))) return this.#scope(community.id, community);
    if (caller.kind === "operator") {
      const code = await this.#source.rollups.code("scope", value);
      if (code >= 0) return { key: value, code, community };
    }
    throw new UnknownScopeError(value.length > 100 ? `${value.slice(0, 97)}…` : value);
  }

  /** The communities that the caller may read, by title. */
  async readable(caller: Caller): Promise<readonly CommunityLine[]> {
    const readable: CommunityLine[] = [];
    for (const community of await this.#all()) {
      if (await this.#isReadable(community, caller)) readable.push(community);
    }
    return readable.toSorted((a, b) => a.title.localeCompare(b.title, "en") || (a.id < b.id ? -1 : 1));
  }

  async #isReadable(community: CommunityLine, caller: Caller): Promise<boolean> {
    return !community.deleted && (await this.#source.rights.mayRead(community, caller));
  }

  async #scope(key: string, community: CommunityLine | null): Promise<ReadableScope> {
    return { key, code: await this.#source.rollups.code("scope", key), community };
  }

  async #all(): Promise<readonly CommunityLine[]> {
    const now = this.#source.now();
    if (now - this.#readAt >= MEMORY_MS || now < this.#readAt) {
      this.#communities = await this.#source.facts.communities();
      this.#readAt = now;
    }
    return this.#communities;
  }
}

/** An id is taken before a slug, a living community before a deleted one. */
function find(communities: readonly CommunityLine[], value: string): CommunityLine | null {
  const named = communities.filter(({ id, slug }) => id === value || slug === value);
  const rank = (community: CommunityLine) => (community.deleted ? 2 : 0) + (community.id === value ? 0 : 1);
  return named.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

export function scopeEntry(community: CommunityLine): ScopeEntry {
  return { key: community.id, slug: community.slug, title: community.title };
}
