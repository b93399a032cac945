import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { ScopeEntry } from "@community-stats/contract/page.ts";
import { StatsError, UnknownScopeError } from "@community-stats/contract/problems.ts";
import type { CommunityLine } from "../engine/facts.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import type { PlannedScope } from "./daily.ts";

/** What a caller of the web presents: both headers as they came. */
export interface Credential {
  readonly cookie: string | null;
  readonly authorization: string | null;
}

/**
 * Who asks. An operator reads on the machine itself: everything, whatever is switched off. An administrator of the service asks over the web
 * and may read every community. A visitor is anybody else; without a credential, a guest.
 */
export type Caller =
  | { readonly kind: "operator" }
  | { readonly kind: "administrator" }
  | { readonly kind: "visitor"; readonly credential: Credential | null };
export const OPERATOR: Caller = { kind: "operator" };
export const VISITOR: Caller = { kind: "visitor", credential: null };

/** Decides whether a caller may read a community's numbers. */
export interface ReadRights {
  /**
   * The community with the visibility that it has now, which need not be the one that was fed in; the same object while nothing changes.
   * @param hidden the communities that were not public when they were fed in.
   */
  current(community: CommunityLine, hidden: readonly CommunityLine[]): Promise<CommunityLine>;
  /** Asked only about communities that exist, as they are now. */
  mayRead(community: CommunityLine, caller: Caller): Promise<boolean>;
  /** Those of the communities that the caller may read, in the same order; some that he may read can be missing where it is costly to ask. */
  readable(communities: readonly CommunityLine[], caller: Caller): Promise<readonly CommunityLine[]>;
  /**
   * Takes the way, and the time, of a no. Awaited where a name is unknown, so that the time of a refusal does not tell whether there is
   * something behind it.
   * @param hidden as for `current`.
   */
  refuse(name: string, hidden: readonly CommunityLine[], caller: Caller): Promise<void>;
}

/** Communities that were fed in as public are open to everyone, restricted ones only to who runs the service. */
export const PUBLIC_ONLY: ReadRights = {
  async current(community) {
    return community;
  },
  async mayRead(community, caller) {
    return caller.kind !== "visitor" || community.visibility === "public";
  },
  async readable(communities, caller) {
    return communities.filter(({ visibility }) => caller.kind !== "visitor" || visibility === "public");
  },
  async refuse() {},
};

/** Says which numbers are offered at all, to whomever. */
export interface ScopeSwitches {
  /** @param community null for the whole repository. */
  isOn(community: CommunityLine | null): boolean;
}
export const ALL_ON: ScopeSwitches = { isOn: () => true };

/** The caller may read it, but its numbers are switched off. */
export class SwitchedOffError extends StatsError {
  readonly code = "STATISTICS_OFF";
  readonly status = 403;
  readonly hint = "Who manages the community or the repository can switch them on.";
  constructor(community: CommunityLine | null) {
    super(
      community === null
        ? "The statistics of the whole repository are switched off."
        : `The statistics of the community "${community.slug}" are switched off.`,
    );
  }
}

/** A scope that the caller may read. */
export interface ReadableScope extends PlannedScope {
  /** As it is now. Null for the whole repository, and for a community of which only numbers are known. */
  readonly community: CommunityLine | null;
}

export interface ScopeSource {
  readonly facts: Pick<FactStore, "communities">;
  readonly rollups: Pick<RollupStore, "code">;
  readonly rights: ReadRights;
  readonly switches: ScopeSwitches;
  readonly now: () => number;
}

/** How long the list of communities is remembered. */
const MEMORY_MS = 1000;

/** Communities by id and slug. Unknown, deleted and unreadable ones cannot be told apart. */
export class Scopes {
  readonly #source: ScopeSource;
  #communities: readonly CommunityLine[] = [];
  #hidden: readonly CommunityLine[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #codes = new Map<string, number>();

  constructor(source: ScopeSource) {
    this.#source = source;
  }

  /** @throws UnknownScopeError for everything that the caller may not read. */
  async resolve(value: string, caller: Caller): Promise<ReadableScope> {
    if (value === GLOBAL_KEY) return this.#scope(GLOBAL_KEY, null);
    const { rights } = this.#source;
    const known = find(await this.#all(), value);
    if (known !== null && !known.deleted) {
      const community = await rights.current(known, this.#hidden);
      if (await rights.mayRead(community, caller)) return this.#scope(community.id, community);
    } else await rights.refuse(value, this.#hidden, caller);
    if (caller.kind === "operator") {
      const code = await this.#source.rollups.code("scope", value);
      if (code >= 0) return { key: value, code, community: known };
    }
    throw new UnknownScopeError(value.length > 100 ? `${value.slice(0, 97)}…` : value);
  }

  /** As `resolve`, for numbers: what is switched off is refused as well. @throws UnknownScopeError, SwitchedOffError */
  async open(value: string, caller: Caller): Promise<ReadableScope> {
    const scope = await this.resolve(value, caller);
    if (!this.isOffered(scope.community, caller)) throw new SwitchedOffError(scope.community);
    return scope;
  }

  /** Switches bind everybody but the operator. */
  isOffered(community: CommunityLine | null, caller: Caller): boolean {
    return caller.kind === "operator" || this.#source.switches.isOn(community);
  }

  /** The communities whose numbers the caller may read, by title. */
  async readable(caller: Caller): Promise<readonly CommunityLine[]> {
    const offered = (await this.#all()).filter((community) => !community.deleted && this.isOffered(community, caller));
    const readable = await this.#source.rights.readable(offered, caller);
    return readable.toSorted((a, b) => a.title.localeCompare(b.title, "en") || (a.id < b.id ? -1 : 1));
  }

  /** The same as scopes; the whole repository first, where it is offered. */
  async readableScopes(caller: Caller): Promise<readonly ReadableScope[]> {
    const communities = await this.readable(caller);
    const repository = this.isOffered(null, caller) ? [await this.#scope(GLOBAL_KEY, null)] : [];
    return [
      ...repository,
      ...(await Promise.all(communities.map((community) => this.#scope(community.id, community)))),
    ];
  }

  async #scope(key: string, community: CommunityLine | null): Promise<ReadableScope> {
    const known = this.#codes.get(key);
    if (known !== undefined) return { key, code: known, community };
    const code = await this.#source.rollups.code("scope", key);
    if (code >= 0) this.#codes.set(key, code);
    return { key, code, community };
  }

  /** Codes are never reused, but rollups may be thrown away and built anew. */
  forgetCodes(): void {
    this.#codes.clear();
  }

  async #all(): Promise<readonly CommunityLine[]> {
    const now = this.#source.now();
    if (now - this.#readAt >= MEMORY_MS || now < this.#readAt) {
      this.#communities = await this.#source.facts.communities();
      this.#hidden = this.#communities.filter(isHidden);
      this.#readAt = now;
    }
    return this.#communities;
  }
}

function isHidden({ visibility, deleted }: CommunityLine): boolean {
  return visibility !== "public" && !deleted;
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** An id is taken before a slug, a living community before a deleted one. A UUID may be written in capitals. */
function find(communities: readonly CommunityLine[], asked: string): CommunityLine | null {
  const value = UUID.test(asked) ? asked.toLowerCase() : asked;
  const named = communities.filter(({ id, slug }) => id === value || slug === value);
  const rank = (community: CommunityLine) => (community.deleted ? 2 : 0) + (community.id === value ? 0 : 1);
  return named.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

export function scopeEntry(community: CommunityLine): ScopeEntry {
  return { key: community.id, slug: community.slug, title: community.title };
}
