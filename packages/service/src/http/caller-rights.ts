import type { CommunityLine } from "../engine/facts.ts";
import type { RepositoryAccess } from "../invenio/access.ts";
import type { Caller, Credential, ReadRights } from "../query/scopes.ts";

/** Most communities of one list that are asked about one by one, side by side. */
const MOST_LISTED = 50;

/**
 * Rights as the repository sees them now. Open is what it shows to guests, closed what it refuses to them; what was fed in decides only where
 * it does not say. What is closed is open to whom the repository shows it. A guest is not asked about: what is not public is closed to guests.
 */
export class RepositoryRights implements ReadRights {
  readonly #access: RepositoryAccess;
  readonly #let = new WeakSet<Caller>();
  /** Communities by what was fed in, with the other visibility. */
  readonly #changed = new WeakMap<CommunityLine, CommunityLine>();

  constructor(access: RepositoryAccess) {
    this.#access = access;
  }

  /** Whether the caller was let in somewhere for being who it is. */
  letIn(caller: Caller): boolean {
    return this.#let.has(caller);
  }

  async current(community: CommunityLine, hidden: readonly CommunityLine[]): Promise<CommunityLine> {
    const isOpen =
      community.visibility === "public" ? await this.#isStillOpen(community) : await this.#isOpened(community, hidden);
    const visibility = isOpen ? "public" : "restricted";
    if (visibility === community.visibility) return community;
    const changed = this.#changed.get(community) ?? { ...community, visibility };
    this.#changed.set(community, changed);
    return changed;
  }

  async mayRead(community: CommunityLine, caller: Caller): Promise<boolean> {
    if (caller.kind !== "visitor" || community.visibility === "public") return true;
    if (caller.credential === null || !(await this.#access.mayRead(caller.credential, community.id))) return false;
    this.#let.add(caller);
    return true;
  }

  /** A list names the communities that are open now, and the others that the repository lists for the caller. */
  async readable(communities: readonly CommunityLine[], caller: Caller): Promise<readonly CommunityLine[]> {
    if (caller.kind !== "visitor") return communities;
    const open = await this.#open(communities);
    const own = await this.#own(
      communities.filter((community) => !open.has(community)),
      caller.credential,
    );
    if (own.size > 0) this.#let.add(caller);
    return communities.filter((community) => open.has(community) || own.has(community));
  }

  /** An unknown name is asked about as if it were one of the hidden communities, always the same one. */
  async refuse(name: string, hidden: readonly CommunityLine[], caller: Caller): Promise<void> {
    if (caller.kind !== "visitor") return;
    await this.#opened(hidden);
    const decoy = hidden[nameHash(name) % Math.max(1, hidden.length)];
    if (caller.credential === null || decoy === undefined) return;
    await this.#access.mayRead(caller.credential, decoy.id, `unknown:${name}`);
  }

  async #isStillOpen({ id }: CommunityLine): Promise<boolean> {
    return (await this.#access.openness(id)) !== "closed";
  }

  /** A list of the repository's can be some seconds old: the community itself has the last word. */
  async #isOpened({ id }: CommunityLine, hidden: readonly CommunityLine[]): Promise<boolean> {
    return (await this.#opened(hidden)).has(id) && (await this.#access.openness(id)) === "open";
  }

  /**
   * Ids of those of the hidden communities that the repository seems to show to guests by now. Whoever asks about any of them, or about a name
   * that nothing has, waits for the same answers: they are no more than what a guest sees, and the time tells nothing.
   */
  async #opened(hidden: readonly CommunityLine[]): Promise<ReadonlySet<string>> {
    const list = hidden.length === 0 ? null : await this.#access.publicList();
    if (list === null) return new Set();
    const doubtful = list.isWhole ? [] : hidden.filter(({ id }) => !list.ids.has(id)).slice(0, MOST_LISTED);
    const found = await Promise.all(doubtful.map(({ id }) => this.#access.openness(id)));
    const open = doubtful.filter((_, index) => found[index] === "open");
    return new Set([...hidden.filter(({ id }) => list.ids.has(id)), ...open].map(({ id }) => id));
  }

  /** What the repository lists for guests is open, without a question about each. */
  async #open(communities: readonly CommunityLine[]): Promise<ReadonlySet<CommunityLine>> {
    const list = communities.length === 0 ? null : await this.#access.publicList();
    const hidden = communities.filter(({ visibility }) => visibility !== "public");
    const opened = await this.#opened(hidden);
    const doubtful = communities.filter(
      ({ id, visibility }) => visibility === "public" && list !== null && !list.ids.has(id),
    );
    const asked = [...hidden.filter(({ id }) => opened.has(id)), ...doubtful].slice(0, MOST_LISTED);
    const now = await Promise.all(asked.map((community) => this.current(community, hidden)));
    const closed = new Set(asked.filter((_, index) => now[index]?.visibility !== "public"));
    const candidates = communities.filter(({ id, visibility }) => visibility === "public" || opened.has(id));
    return new Set(candidates.filter((community) => !closed.has(community)));
  }

  /** @param closed communities that guests are not shown. */
  async #own(closed: readonly CommunityLine[], credential: Credential | null): Promise<ReadonlySet<CommunityLine>> {
    if (credential === null || closed.length === 0) return new Set();
    const shown = await this.#access.restrictedIds(credential);
    const candidates = closed.filter(({ id }) => shown.has(id)).slice(0, MOST_LISTED);
    const rights = await Promise.all(candidates.map(({ id }) => this.#access.mayRead(credential, id)));
    return new Set(candidates.filter((_, index) => rights[index] === true));
  }
}

function nameHash(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) >>> 0;
  return hash;
}
