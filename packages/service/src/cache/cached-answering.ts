import { LRUCache } from "lru-cache";
import type { Serializer } from "../export/serializer.ts";
import type { ReadableScope } from "../query/scopes.ts";
import { type Answer, type Answering, type AnswerRequest, type Encoding, isPlanned } from "./answering.ts";
import { assembled } from "./assembling.ts";
import { scopeOfKey } from "./cache-key.ts";
import { encodeStream } from "./encoding.ts";
import { KeyMemory, type KnownKey } from "./key-memory.ts";
import { HeldAnswer, type KnownAnswer } from "./held-answer.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { SharedFlight } from "./shared-flight.ts";

export interface CachedAnsweringOptions {
  /** Makes what is not there. */
  readonly inner: Answering;
  /** Null: answers are kept in memory only. */
  readonly kept: KeptAnswers | null;
  readonly memoryBytes: number;
  /** Version of the program and of the settings that shape answers. */
  readonly setup: string;
  /** False for formats of an operator's own, whose code may change without our knowing. */
  readonly keeps: (serializer: Serializer) => boolean;
}

/** How often an answer was found, and where. */
export interface CacheCounts {
  readonly memory: number;
  /** Behind the memory: on disk, or in Redis. */
  readonly disk: number;
  readonly made: number;
  /** Not to be kept: too long, about what is not public, or with a problem in it. */
  readonly passed: number;
  /** Made, but could not be stored. */
  readonly unstored: number;
}

/** What a flight comes back with: an answer to keep, or one that only its first asker can have. */
type Landed = { readonly held: HeldAnswer; readonly stored: boolean } | { readonly passing: Answer };

interface Wanted {
  readonly request: AnswerRequest;
  readonly known: KnownKey;
}

/**
 * Keeps answers under keys that hold everything they depend on, the state of the numbers included: an entry is never stale, it only becomes
 * unreachable. Who asks has been let in before; only answers that anybody may read are kept at all.
 */
export class CachedAnswering implements Answering {
  readonly #options: CachedAnsweringOptions;
  readonly #memory: LRUCache<string, HeldAnswer> | null;
  readonly #flights = new SharedFlight<Landed>();
  readonly #counts = { memory: 0, disk: 0, made: 0, passed: 0, unstored: 0 };
  readonly #storing = new Set<Promise<void>>();
  readonly #keys = new KeyMemory();
  #state: string | null = null;
  #before: string | null = null;

  constructor(options: CachedAnsweringOptions) {
    this.#options = options;
    const { memoryBytes } = options;
    this.#memory =
      memoryBytes < 1
        ? null
        : new LRUCache({ maxSize: memoryBytes, sizeCalculation: ({ bytes }, key) => bytes + key.length });
  }

  get counts(): CacheCounts {
    return { ...this.#counts };
  }

  async answer(request: AnswerRequest): Promise<Answer> {
    const wanted = this.#wanted(request);
    if (wanted === null) return await this.#pass(request);
    const held = this.#memory?.get(wanted.known.key);
    if (held === undefined) return await this.#fetch(wanted);
    this.#counts.memory++;
    this.#options.kept?.noteUse(wanted.known.key);
    return { ...(await this.#encoded(wanted, held)), found: "memory" };
  }

  held(request: AnswerRequest): Buffer | null {
    const key = this.#wanted(request)?.known.key;
    const body = key === undefined ? null : (this.#memory?.get(key)?.made(request.encoding) ?? null);
    if (key === undefined || body === null) return null;
    this.#counts.memory++;
    this.#options.kept?.noteUse(key);
    return body;
  }

  /** Whether the answer is stored. */
  async isStored(request: AnswerRequest): Promise<boolean> {
    const wanted = this.#wanted(request);
    return wanted !== null && (await this.#options.kept?.has(wanted.known.key)) === true;
  }

  /** Forgets one answer. */
  async drop(request: AnswerRequest): Promise<void> {
    const wanted = this.#wanted(request);
    if (wanted === null) return;
    this.#memory?.delete(wanted.known.key);
    await this.#options.kept?.remove(wanted.known.key);
  }

  /** Forgets what is held about these scopes. */
  async forgetScopes(scopes: ReadonlySet<string>): Promise<void> {
    for (const key of this.#memory?.keys() ?? []) {
      if (scopes.has(scopeOfKey(key))) this.#memory?.delete(key);
    }
    const stored = (await this.#stored()).filter((scope) => scopes.has(scope));
    if (stored.length > 0) await this.#options.kept?.removeScopes(stored);
  }

  /** Scopes of which anything is held in memory or stored. */
  async scopes(): Promise<ReadonlySet<string>> {
    const held = [...(this.#memory?.keys() ?? [])].map((key) => scopeOfKey(key));
    return new Set([...held, ...(await this.#stored())]);
  }

  async #stored(): Promise<readonly string[]> {
    return (await this.#options.kept?.scopes()) ?? [];
  }

  #wanted(request: AnswerRequest): Wanted | null {
    const { setup, keeps } = this.#options;
    const [first] = request.entries;
    if (first === undefined || !isPlanned(first) || first.state === null) return null;
    if (!request.entries.every((entry) => isPlanned(entry) && entry.state === first.state && isPublic(entry.scope))) {
      return null;
    }
    if (!keeps(request.serializer) || !this.#enter(first.state)) return null;
    const known = this.#keys.of(request, { state: first.state, setup });
    return known === null ? null : { request, known };
  }

  /** When the numbers have changed, nothing that is held can be asked for again. False for who was planned before that. */
  #enter(state: string): boolean {
    if (state === this.#state) return true;
    if (state === this.#before) return false;
    this.#memory?.clear();
    this.#later(async () => {
      await this.#options.kept?.removeUnreachable(state);
    });
    this.#before = this.#state;
    this.#state = state;
    return true;
  }

  async #fetch(wanted: Wanted): Promise<Answer> {
    let mine = false;
    const landed = await this.#flights.run(wanted.known.key, wanted.request.signal, (signal) => {
      mine = true;
      return this.#land({ ...wanted, request: { ...wanted.request, signal } });
    });
    if ("held" in landed) {
      const answer = await this.#encoded(wanted, landed.held);
      return landed.stored ? { ...answer, found: "disk" } : answer;
    }
    if (!mine) return await this.#pass(wanted.request);
    this.#counts.passed++;
    return landed.passing;
  }

  async #land(wanted: Wanted): Promise<Landed> {
    const stored = (await this.#options.kept?.get(wanted.known.key)) ?? null;
    if (stored !== null) {
      this.#counts.disk++;
      return { held: this.#hold(wanted.known.key, stored), stored: true };
    }
    const { request } = wanted;
    const made = await this.#make(request);
    if (made === null) return { passing: await this.#options.inner.answer(request) };
    const { body, etag, freshness } = made;
    if (!Buffer.isBuffer(body) || etag === null) return { passing: streamed(made, request.encoding) };
    this.#counts.made++;
    const hash = etag.slice(1, -1);
    const held = this.#hold(wanted.known.key, {
      hash,
      freshness,
      encoding: "identity",
      contentBytes: body.length,
      body,
    });
    this.#later(() => this.#store(wanted, held));
    return { held, stored: false };
  }

  /** No visitor waits for what is stored or removed. */
  #later(work: () => Promise<void>): void {
    const storing = work()
      .catch(() => {
        this.#counts.unstored++;
      })
      .finally(() => this.#storing.delete(storing));
    this.#storing.add(storing);
  }

  /** Resolves when everything that was made so far is stored. */
  async settle(): Promise<void> {
    await Promise.all(this.#storing);
  }

  /** The answer before it is encoded; null where it holds the problem of an entry. */
  async #make(request: AnswerRequest): Promise<Answer | null> {
    const plain: AnswerRequest = { ...request, encoding: "identity", problemOf: null };
    try {
      const parts = await assembled(plain, (part) => this.answer(part));
      return parts ?? (await this.#options.inner.answer(plain));
    } catch (error) {
      if (request.problemOf === null) throw error;
      return null;
    }
  }

  #hold(key: string, known: KnownAnswer): HeldAnswer {
    const held = new HeldAnswer(known);
    this.#memory?.set(key, held);
    return held;
  }

  /** One encoding is enough there: the one asked for, or what is smallest. */
  async #store({ known, request }: Wanted, held: HeldAnswer): Promise<void> {
    const { kept } = this.#options;
    if (kept === null || (request.shape === "labelled" && request.serializer.id === "json")) return;
    const encoding = storedEncoding(request);
    const { hash, freshness, contentBytes } = held;
    const body = await held.body(encoding);
    if (!(await kept.put({ ...known, hash, freshness, contentBytes, encoding, body }))) this.#counts.unstored++;
  }

  async #encoded({ known, request }: Wanted, held: HeldAnswer): Promise<Answer> {
    const isNew = !held.has(request.encoding);
    const answer = await held.answer(request.encoding);
    // Its size has grown.
    if (isNew) this.#memory?.set(known.key, held);
    return answer;
  }

  async #pass(request: AnswerRequest): Promise<Answer> {
    this.#counts.passed++;
    return await this.#options.inner.answer(request);
  }
}

function isPublic({ key, community }: ReadableScope): boolean {
  if (community === null) return key === "global";
  return community.visibility === "public" && !community.deleted;
}

function storedEncoding({ serializer, encoding }: AnswerRequest): Encoding {
  if (!serializer.compressible) return "identity";
  return encoding === "identity" ? "br" : encoding;
}

function streamed(answer: Answer, encoding: Encoding): Answer {
  const { body } = answer;
  return Buffer.isBuffer(body) ? answer : { ...answer, body: encodeStream(body, encoding) };
}
