import { createHash } from "node:crypto";
import { z } from "zod";
import {
  askRepository,
  type Credential,
  type Question,
  type RepositoryAddress,
  type RepositoryAnswer,
} from "./question.ts";
import { Remembered, type Finding, type Patience } from "./remembered.ts";

export type { Credential } from "./question.ts";

export interface RepositoryAccessOptions extends RepositoryAddress {
  /** Answers are remembered so long; InvenioRDM itself forgets memberships after a minute. */
  readonly rememberMs?: number;
  readonly timeoutMs?: number;
  /** Callers wait so long for an answer to guests. */
  readonly patienceMs?: number;
  /** Milliseconds of a clock that only goes forward; by default the process's. */
  readonly now?: () => number;
  /** Told why the repository gave no usable answer; never what a caller sent. */
  readonly onTrouble?: (reason: string) => void;
}

const REMEMBER_MS = 60_000;
const TIMEOUT_MS = 5_000;
/** So long callers wait for an answer to guests: while the repository is down or slow, it is not worth more. */
const PATIENCE_MS = 1_500;
const MOST_ANSWERS = 10_000;
/** Most questions of callers on their way at once; who comes on top is told no. */
const MOST_AT_ONCE = 100;
/** Communities of one list. */
const LISTED = 1000;

/** `unknown`: the repository did not say. */
export type Openness = "open" | "closed" | "unknown";

interface Verdict {
  readonly yes: boolean;
}
interface Openly {
  readonly openness: Openness;
}
interface Listed {
  readonly list: CommunityList | null;
}
const UNKNOWN: Openly = { openness: "unknown" };
const UNLISTED: Listed = { list: null };

/** Communities that guests are shown. */
export interface CommunityList {
  readonly ids: ReadonlySet<string>;
  /** False where the repository has more than it lists at once. */
  readonly isWhole: boolean;
}

/**
 * Asks the repository, with the caller's own credential, whether the caller may read a community. Only a 200 about that very community is a
 * yes: refusals, redirects, errors, time-outs and answers about another community are a no.
 */
export class RepositoryAccess {
  readonly #options: RepositoryAccessOptions;
  readonly #verdicts: Remembered<Verdict>;
  readonly #restricted: Remembered<ReadonlySet<string>>;
  readonly #open: Remembered<Openly>;
  readonly #public: Remembered<Listed>;
  #asking = 0;

  constructor(options: RepositoryAccessOptions) {
    this.#options = options;
    const { rememberMs = REMEMBER_MS, now = () => performance.now() } = options;
    const memory = { most: MOST_ANSWERS, forMs: Math.min(rememberMs, REMEMBER_MS), now };
    this.#verdicts = new Remembered(memory);
    this.#restricted = new Remembered({ ...memory, most: 1_000 });
    this.#open = new Remembered(memory);
    this.#public = new Remembered({ ...memory, most: 1 });
  }

  /** @param name under which the answer is remembered, where that is not the community's id. */
  async mayRead(credential: Credential, communityId: string, name: string = communityId): Promise<boolean> {
    const key = keyOf(credential, name);
    const { yes } = await this.#verdicts.get(key, async () =>
      verdictOf(await this.#ask(communityId, credential), communityId),
    );
    return yes;
  }

  /**
   * Whether a guest may read a community. A failure is remembered, too: while the repository is down, nobody waits for it again and again.
   * An answer that is late is there for the next caller.
   */
  async openness(communityId: string): Promise<Openness> {
    const { openness } = await this.#open.getWithin(this.#patience(UNKNOWN), communityId, async () => {
      const answer = await this.#ask(communityId, null);
      return { value: { openness: opennessOf(answer, communityId) }, keep: true };
    });
    return openness;
  }

  /** Ids of the restricted communities that the repository lists for the caller, at most a thousand. Empty where it does not say. */
  async restrictedIds(credential: Credential): Promise<ReadonlySet<string>> {
    return await this.#restricted.get(keyOf(credential, ""), async () => {
      const path = `/communities?visibility=restricted&size=${LISTED}`;
      const answer = await this.#send({ path, credential, timeoutMs: this.#timeoutMs });
      return { value: new Set(pageOf(answer)?.ids), keep: isCertain(answer) };
    });
  }

  /** What guests are shown; null where the repository does not say (in time). A failure is remembered, as that of `openness`. */
  async publicList(): Promise<CommunityList | null> {
    const { list } = await this.#public.getWithin(this.#patience(UNLISTED), "", async () => {
      const path = `/communities?size=${LISTED}`;
      const answer = await this.#send({ path, credential: null, timeoutMs: this.#timeoutMs });
      const page = pageOf(answer);
      const found = page === null ? null : { ids: new Set(page.ids), isWhole: page.total <= page.ids.length };
      return { value: { list: found }, keep: true };
    });
    return list;
  }

  async #ask(communityId: string, credential: Credential | null): Promise<RepositoryAnswer> {
    const path = `/communities/${encodeURIComponent(communityId)}`;
    return await this.#send({ path, credential, timeoutMs: this.#timeoutMs });
  }

  /** Only what callers bring is bounded: questions as a guest are as few as communities, and a flood of callers must not leave them unasked. */
  async #send(question: Question): Promise<RepositoryAnswer> {
    if (question.credential === null) return await this.#told(question);
    if (this.#asking >= MOST_AT_ONCE) return { kind: "silent", reason: "too many questions at once" };
    this.#asking++;
    try {
      return await this.#told(question);
    } finally {
      this.#asking--;
    }
  }

  async #told(question: Question): Promise<RepositoryAnswer> {
    const answer = await askRepository(this.#options, question);
    if (answer.kind === "silent") this.#options.onTrouble?.(answer.reason);
    else if (!isCertain(answer)) this.#options.onTrouble?.(`status ${answer.status}`);
    return answer;
  }

  #patience<T>(otherwise: T): Patience<T> {
    return { ms: Math.min(this.#options.patienceMs ?? PATIENCE_MS, this.#timeoutMs), otherwise };
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? TIMEOUT_MS;
  }
}

const pageSchema = z.object({ hits: z.object({ total: z.number(), hits: z.array(z.object({ id: z.string() })) }) });
const communitySchema = z.object({ id: z.string() });
const refusalSchema = z.object({ status: z.number() });

function pageOf(answer: RepositoryAnswer): { readonly total: number; readonly ids: readonly string[] } | null {
  const parsed = answer.kind === "answer" && answer.status === 200 ? pageSchema.safeParse(answer.body) : null;
  if (parsed?.success !== true) return null;
  const { total, hits } = parsed.data.hits;
  return { total, ids: hits.map(({ id }) => id) };
}

/** A failure says nothing about rights: it is a no that is not remembered. */
function verdictOf(answer: RepositoryAnswer, communityId: string): Finding<Verdict> {
  return { value: { yes: isYes(answer, communityId) }, keep: isCertain(answer) };
}

function isCertain(answer: RepositoryAnswer): boolean {
  return answer.kind === "answer" && answer.status < 500 && answer.status !== 429;
}

function isYes(answer: RepositoryAnswer, communityId: string): boolean {
  if (answer.kind === "silent" || answer.status !== 200) return false;
  const parsed = communitySchema.safeParse(answer.body);
  return parsed.success && parsed.data.id === communityId;
}

/** Closed is only what the repository itself refuses, in its own words: a wrong address or a proxy's page must not close everything. */
function opennessOf(answer: RepositoryAnswer, communityId: string): Openness {
  if (isYes(answer, communityId)) return "open";
  if (answer.kind === "silent" || ![401, 403, 404, 410].includes(answer.status)) return "unknown";
  const parsed = refusalSchema.safeParse(answer.body);
  return parsed.success && parsed.data.status === answer.status ? "closed" : "unknown";
}

/** Lengths keep "a" + "bc" and "ab" + "c" apart. */
function keyOf({ cookie, authorization }: Credential, name: string): string {
  const parts = [cookie ?? "", authorization ?? "", name];
  return createHash("sha256")
    .update(parts.map((part) => `${part.length}:${part}`).join(""))
    .digest("base64");
}
