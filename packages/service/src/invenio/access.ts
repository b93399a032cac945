import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";

/** What a caller presents; forwarded unchanged, never stored, never logged. */
export interface Credential {
  readonly cookie: string | null;
  /** The whole `Authorization` header. */
  readonly authorization: string | null;
}

export interface RepositoryAccessOptions {
  /** Address of the repository without a trailing slash. */
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Answers are remembered so long; InvenioRDM itself forgets memberships after a minute. */
  readonly rememberMs?: number;
  readonly timeoutMs?: number;
}

const REMEMBER_MS = 60_000;
const TIMEOUT_MS = 5_000;
const MOST_ANSWERS = 10_000;

/**
 * Asks the repository, with the caller's own credential, whether the caller may read a community. Only a 200 is a yes: refusals, redirects,
 * errors, time-outs and answers about another community are a no.
 */
export class RepositoryAccess {
  readonly #options: RepositoryAccessOptions;
  readonly #answers: LRUCache<string, boolean>;
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(options: RepositoryAccessOptions) {
    this.#options = options;
    const ttl = Math.min(options.rememberMs ?? REMEMBER_MS, REMEMBER_MS);
    this.#answers = new LRUCache({ max: MOST_ANSWERS, ttl: Math.max(1, ttl) });
  }

  async mayRead(credential: Credential, communityId: string): Promise<boolean> {
    const key = keyOf(credential, communityId);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const asking = this.#asking.get(key) ?? this.#ask(key, credential, communityId);
    return await asking;
  }

  #ask(key: string, credential: Credential, communityId: string): Promise<boolean> {
    const asking = this.#request(credential, communityId)
      .then(({ yes, certain }) => {
        if (certain) this.#answers.set(key, yes);
        return yes;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /** A failure of the network says nothing about rights: it is a no that is not remembered. */
  async #request(credential: Credential, communityId: string): Promise<{ yes: boolean; certain: boolean }> {
    const { url, fetch: request, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      const response = await request(`${url}/api/communities/${encodeURIComponent(communityId)}`, {
        headers: headersOf(credential),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return { yes: false, certain: response.status < 500 && response.status !== 429 };
      }
      const body: unknown = await response.json();
      return { yes: isCommunity(body, communityId), certain: true };
    } catch {
      return { yes: false, certain: false };
    }
  }
}

function headersOf({ cookie, authorization }: Credential): Record<string, string> {
  return {
    accept: "application/json",
    ...(cookie === null ? {} : { cookie }),
    ...(authorization === null ? {} : { authorization }),
  };
}

function isCommunity(body: unknown, id: string): boolean {
  if (typeof body !== "object" || body === null) return false;
  return ("id" in body && body.id === id) || ("slug" in body && body.slug === id);
}

/** Lengths keep "a" + "bc" and "ab" + "c" apart. */
function keyOf({ cookie, authorization }: Credential, communityId: string): string {
  const parts = [cookie ?? "", authorization ?? "", communityId];
  return createHash("sha256")
    .update(parts.map((part) => `${part.length}:${part}`).join(""))
    .digest("base64");
}
