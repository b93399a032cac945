import { z } from "zod";
import { createDocument, getDocuments, type Found } from "./documents.ts";
import { allHits } from "./hits.ts";
import type { Requests } from "./requests.ts";

const CHUNK_TEXTS = 5000;
const FIRST_PAGE = 50;
const chunkSchema = z.object({ texts: z.array(z.string()) });

/**
 * Texts of one kind by dense code. They are stored as chunks, each under the code of its first text: who wants to add the next one creates
 * that document, and only one can. So codes are dense and never given out twice, without a lock.
 */
export class TermChain {
  readonly #requests: Requests;
  readonly #at: { readonly index: string; readonly kind: string };
  readonly #texts: string[] = [];
  readonly #codes = new Map<string, number>();
  #isLoaded = false;
  #lastId = "term/none";
  /** The last of those who read or add: two at once would take one chunk twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(requests: Requests, at: { readonly index: string; readonly kind: string }) {
    this.#requests = requests;
    this.#at = at;
  }

  /** The texts that this process has seen. */
  known(): readonly string[] {
    return this.#texts;
  }

  /** All texts that are stored now. */
  async texts(): Promise<readonly string[]> {
    return await this.#alone(async () => {
      await this.#follow();
      return [...this.#texts];
    });
  }

  /** -1 where there is none. */
  async code(text: string): Promise<number> {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    await this.#alone(async () => {
      // Whoever had the turn before may have met it.
      if (!this.#codes.has(text)) await this.#follow();
    });
    return this.#codes.get(text) ?? -1;
  }

  async intern(texts: readonly string[]): Promise<Int32Array> {
    return await this.#alone(() => this.#intern(texts));
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return await result;
  }

  async #intern(texts: readonly string[]): Promise<Int32Array> {
    for (;;) {
      const missing = this.#missing(texts);
      if (missing.length === 0) return Int32Array.from(texts, (text) => this.#codes.get(text) ?? -1);
      if (!this.#isLoaded) await this.#follow();
      else await this.#add(missing.slice(0, CHUNK_TEXTS));
    }
  }

  #missing(texts: readonly string[]): readonly string[] {
    return Array.from(new Set(texts.filter((text) => !this.#codes.has(text))));
  }

  async #add(texts: readonly string[]): Promise<void> {
    const source = { t: "term", kind: this.#at.kind, period: this.#texts.length, texts };
    const isOurs = await createDocument(this.#requests, this.#at.index, { id: this.#nextId(), source });
    if (isOurs) this.#take(texts);
    else await this.#follow();
  }

  /** The last known chunk is read with the next one: it shows when all was thrown away and begun anew. */
  async #follow(): Promise<void> {
    if (!this.#isLoaded) await this.#loadMany();
    for (;;) {
      const ids = [this.#lastId, this.#nextId()];
      const [last, next] = await getDocuments(this.#requests, this.#at.index, ids);
      if (this.#texts.length > 0 && textsOf(last)?.at(-1) !== this.#texts.at(-1)) this.#forget();
      else if (next === null || next === undefined) break;
      else this.#take(textsOf(next) ?? []);
    }
    this.#isLoaded = true;
  }

  #forget(): void {
    this.#texts.length = 0;
    this.#codes.clear();
  }

  /** What a search sees; the rest is asked for by id. */
  async #loadMany(): Promise<void> {
    const filter = [{ term: { t: "term" } }, { term: { kind: this.#at.kind } }];
    const body = { query: { bool: { filter } }, sort: [{ period: "asc" }], docvalue_fields: ["period"] };
    for (const { source, fields } of await allHits(this.#requests, {
      index: this.#at.index,
      body,
      pageSize: FIRST_PAGE,
    })) {
      if (fields["period"]?.[0] === this.#texts.length) this.#take(chunkSchema.parse(source).texts);
    }
  }

  #take(texts: readonly string[]): void {
    this.#lastId = this.#nextId();
    for (const text of texts) this.#codes.set(text, this.#texts.push(text) - 1);
  }

  #nextId(): string {
    return `term/${this.#at.kind}/${this.#texts.length}`;
  }
}

function textsOf(found: Found | null | undefined): readonly string[] | undefined {
  return found === null || found === undefined ? undefined : chunkSchema.parse(found.source).texts;
}
