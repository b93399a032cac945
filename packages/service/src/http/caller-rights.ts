import type { CommunityLine } from "../engine/facts.ts";
import type { RepositoryAccess } from "../invenio/access.ts";
import type { Caller, Credential, ReadRights } from "../query/scopes.ts";

/** Most restricted communities in one list; the questions about them are asked side by side. */
const MOST_LISTED = 50;

/**
 * Rights as the repository sees them. What was public when communities were last fed in is open unless the repository refuses it to guests by
 * now; everything else is open to whom the repository shows it. A guest is not asked about: what is not public is closed to guests.
 */
export class RepositoryRights implements ReadRights {
  readonly #access: RepositoryAccess;
  readonly #let = new WeakSet<Caller>();

  constructor(access: RepositoryAccess) {
    this.#access = access;
  }

  /** Whether the caller was let in somewhere for being who it is. */
  letIn(caller: Caller): boolean {
    return this.#let.has(caller);
  }

  async mayRead(community: CommunityLine, caller: Caller): Promise<boolean> {
    if (caller.kind !== "visitor" || (await this.#isOpen(community))) return true;
    if (caller.credential === null || !(await this.#access.mayRead(caller.credential, community.id))) return false;
    this.#let.add(caller);
    return true;
  }

  /** A list names the public communities, and the restricted ones that the repository lists for the caller. */
  async readable(communities: readonly CommunityLine[], caller: Caller): Promise<readonly CommunityLine[]> {
    if (caller.kind !== "visitor") return communities;
    const [open, own] = await Promise.all([this.#open(communities), this.#own(communities, caller.credential)]);
    if (own.length > 0) this.#let.add(caller);
    const listed = new Set([...open, ...own]);
    return communities.filter((community) => listed.has(community));
  }

  /** An unknown name is asked about as if it were one of the hidden communities, always the same one. */
  async refuse(name: string, hidden: readonly CommunityLine[], caller: Caller): Promise<void> {
    if (caller.kind !== "visitor" || caller.credential === null) return;
    const decoy = hidden[nameHash(name) % Math.max(1, hidden.length)];
    if (decoy !== undefined) await this.#access.mayRead(caller.credential, decoy.id, `unknown:${name}`);
  }

  async #isOpen({ id, visibility }: CommunityLine): Promise<boolean> {
    return visibility === "public" && (await this.#access.openness(id)) !== "closed";
  }

  /** Those that the repository lists for guests are not asked about one by one. */
  async #open(communities: readonly CommunityLine[]): Promise<readonly CommunityLine[]> {
    const candidates = communities.filter(({ visibility }) => visibility === "public");
    const shown = candidates.length === 0 ? null : await this.#access.publicIds();
    const doubtful = shown === null ? [] : candidates.filter(({ id }) => !shown.has(id));
    if (doubtful.length > MOST_LISTED) return candidates;
    const closed = new Set<CommunityLine>();
    for (const community of doubtful) if (!(await this.#isOpen(community))) closed.add(community);
    return candidates.filter((community) => !closed.has(community));
  }

  async #own(communities: readonly CommunityLine[], credential: Credential | null): Promise<readonly CommunityLine[]> {
    if (credential === null || communities.every(({ visibility }) => visibility === "public")) return [];
    const shown = await this.#access.restrictedIds(credential);
    const candidates = communities
      .filter(({ id, visibility }) => visibility !== "public" && shown.has(id))
      .slice(0, MOST_LISTED);
    const rights = await Promise.all(candidates.map(({ id }) => this.#access.mayRead(credential, id)));
    return candidates.filter((_, index) => rights[index] === true);
  }
}

function nameHash(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) >>> 0;
  return hash;
}
