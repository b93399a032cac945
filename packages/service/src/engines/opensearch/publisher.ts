import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { grownChunk, reducedChunk, type ChunkSettings } from "../../engine/chunk-size.ts";
import type {
  DocumentPublisher,
  NotPublished,
  PublishedDocument,
  PublishedName,
  PublishReport,
} from "../../engine/document-publisher.ts";
import { getDocument, putDocument } from "./documents.ts";
import { indexNames } from "./names.ts";
import type { Requests } from "./requests.ts";
import { isPassing, waits } from "./retry.ts";
import { contentOf, storedSources } from "./stored-sources.ts";

const TOO_LARGE = 413;
const NEVER = new AbortController().signal;
const CHUNK_ID = "chunk/published";
/** Stands in the mapping of an index that this product made: no other is ever written. */
const OWNER = "community-stats";
const OWN_SUFFIX = `-${OWNER}`;

const itemSchema = z.object({
  _id: z.string(),
  status: z.number(),
  error: z.object({ type: z.string(), reason: z.string().nullish() }).optional(),
});
const bulkSchema = z.object({ items: z.array(z.object({ index: itemSchema }).transform(({ index }) => index)) });
const ownerSchema = z.record(
  z.string(),
  z.object({ mappings: z.object({ _meta: z.object({ made_by: z.string().optional() }).optional() }) }),
);

export interface PublisherParts {
  readonly requests: Requests;
  readonly prefix: string;
  readonly chunks: ChunkSettings;
  /** Seconds that a request may take. */
  readonly timeoutMs: number;
}

/** Writes daily documents in chunks whose size follows what the cluster takes; the learned size is kept for the next run. */
export class OpenSearchPublisher implements DocumentPublisher {
  readonly #parts: PublisherParts;
  readonly #index: string;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#index = indexNames(parts.prefix).facts;
  }

  async publish(
    name: PublishedName,
    documents: AsyncIterable<PublishedDocument>,
    signal: AbortSignal = NEVER,
  ): Promise<PublishReport> {
    const targets = new Targets(this.#parts, name);
    const run = new Run(this.#parts, targets, { size: await this.#learned(), signal });
    const complete = await run.takeAll(documents);
    const { written, unchanged, failed } = run;
    const replaced = complete ? await targets.show() : [];
    await putDocument(this.#parts.requests, this.#index, {
      id: CHUNK_ID,
      source: { t: "chunk", line: { size: run.size } },
    });
    return { complete, written, unchanged, failed, replaced, chunk: run.size };
  }

  async #learned(): Promise<number> {
    const { chunks, requests } = this.#parts;
    const found = await getDocument(requests, this.#index, CHUNK_ID);
    const size = z.object({ size: z.number() }).safeParse(found?.source["line"]);
    return Math.min(Math.max(size.success ? size.data.size : chunks.initial, chunks.min), chunks.max);
  }
}

/** The indices of one name by year, and what they replace. */
class Targets {
  readonly #parts: PublisherParts;
  readonly #alias: string;
  readonly #byYear = new Map<number, { readonly index: string; readonly replaces: string | null }>();

  constructor(parts: PublisherParts, name: PublishedName) {
    this.#parts = parts;
    this.#alias = `${parts.prefix}${name}`;
  }

  async of(year: number): Promise<string> {
    const known = this.#byYear.get(year) ?? (await this.#provide(year));
    this.#byYear.set(year, known);
    return known.index;
  }

  /** Lets the alias name our indices and no longer those of the original, in one step. @returns the latter. */
  async show(): Promise<readonly string[]> {
    const targets = Array.from(this.#byYear.values());
    if (targets.length === 0) return [];
    const replaced = targets.flatMap(({ replaces }) => (replaces === null ? [] : [replaces]));
    const shown = await this.#shown();
    const actions = [
      ...targets.map(({ index }) => ({ add: { index, alias: this.#alias } })),
      ...replaced.filter((index) => shown.has(index)).map((index) => ({ remove: { index, alias: this.#alias } })),
    ];
    await this.#parts.requests.send("POST", "/_aliases", { body: { actions } });
    return replaced;
  }

  async #shown(): Promise<ReadonlySet<string>> {
    const { body } = await this.#parts.requests.send("GET", `/_alias/${this.#alias}`, { accept: [404] });
    return new Set(Object.keys(Object(body)));
  }

  async #provide(year: number): Promise<{ readonly index: string; readonly replaces: string | null }> {
    const plain = `${this.#alias}-${year}`;
    const owner = await this.#ownerOf(plain);
    if (owner !== "foreign") {
      if (owner === "none") await this.#create(plain);
      return { index: plain, replaces: null };
    }
    const own = plain + OWN_SUFFIX;
    if ((await this.#ownerOf(own)) === "none") await this.#create(own);
    return { index: own, replaces: plain };
  }

  async #ownerOf(index: string): Promise<"none" | "own" | "foreign"> {
    const answer = await this.#parts.requests.send("GET", `/${index}/_mapping`, { accept: [404] });
    if (answer.status === 404) return "none";
    const [found] = Object.values(ownerSchema.parse(answer.body));
    return found?.mappings["_meta"]?.made_by === OWNER ? "own" : "foreign";
  }

  /** Documents are read whole, by scope and day; nothing inside them is looked into, so nothing is nested and nothing grows by itself. */
  async #create(index: string): Promise<void> {
    const date = { type: "date" };
    const mappings = {
      _meta: { made_by: OWNER },
      dynamic: false,
      properties: {
        community_id: { type: "keyword" },
        period_start: date,
        period_end: date,
        snapshot_date: date,
        timestamp: date,
        updated_timestamp: date,
      },
    };
    const settings = { index: { number_of_shards: 1, auto_expand_replicas: "0-1", refresh_interval: "5s" } };
    await this.#parts.requests.send("PUT", `/${index}`, { body: { mappings, settings } });
  }
}

interface Line {
  readonly index: string;
  readonly id: string;
  readonly source: object;
  readonly text: string;
}

/** One publication: gathers documents into chunks, and remembers what was refused. */
class Run {
  readonly #parts: PublisherParts;
  readonly #targets: Targets;
  readonly #signal: AbortSignal;
  readonly failed: NotPublished[] = [];
  /** To be compared with what stands there. */
  #compared: Line[] = [];
  /** To be written. */
  #waiting: Line[] = [];
  written = 0;
  unchanged = 0;
  size: number;

  constructor(parts: PublisherParts, targets: Targets, { size, signal }: { size: number; signal: AbortSignal }) {
    this.#parts = parts;
    this.#targets = targets;
    this.#signal = signal;
    this.size = size;
  }

  /** @returns false where it was asked to end before all of them stood there. */
  async takeAll(documents: AsyncIterable<PublishedDocument>): Promise<boolean> {
    try {
      for await (const document of documents) await this.#take(document);
      await this.#compare();
      while (this.#waiting.length > 0) await this.#sendNext();
      return true;
    } catch (error) {
      if (!this.#signal.aborted || error !== this.#signal.reason) throw error;
      return false;
    }
  }

  async #take({ id, year, source }: PublishedDocument): Promise<void> {
    const index = await this.#targets.of(year);
    const action = { index: { _index: index, _id: id } };
    this.#compared.push({ index, id, source, text: `${JSON.stringify(action)}\n${JSON.stringify(source)}\n` });
    if (this.#compared.length >= this.size) await this.#compare();
    while (this.#waiting.length >= this.size) await this.#sendNext();
  }

  /** What stands there already need not be written: reading costs the cluster a fraction of it. */
  async #compare(): Promise<void> {
    this.#signal.throwIfAborted();
    const lines = this.#compared;
    this.#compared = [];
    const stored = await storedSources(this.#parts.requests, lines);
    for (const [at, line] of lines.entries()) {
      const before = stored[at];
      if (before !== undefined && contentOf(before) === contentOf(line.source)) this.unchanged++;
      else this.#waiting.push(line);
    }
  }

  /** A chunk that is too large stays waiting, and goes again in smaller ones. */
  async #sendNext(): Promise<void> {
    this.#signal.throwIfAborted();
    const chunk = this.#waiting.slice(0, this.size);
    const answer = await this.#send(chunk);
    if (answer === "too large" && chunk.length > 1) {
      this.size = reducedChunk(Math.min(this.size, chunk.length), this.#parts.chunks);
      return;
    }
    this.#waiting = this.#waiting.slice(chunk.length);
    const [only] = chunk;
    if (answer === "too large" && only !== undefined) {
      this.failed.push({ id: only.id, reason: `its ${only.text.length} characters are too many for any request` });
      return;
    }
    this.size = grownChunk(this.size, this.#parts.chunks);
  }

  async #send(chunk: readonly Line[]): Promise<"taken" | "too large"> {
    let left = chunk;
    for (const wait of [...waits(this.#parts.requests.policy), null]) {
      const outcome = await this.#once(left);
      if (outcome === "too large") return outcome;
      if (outcome.length === 0) return "taken";
      if (wait === null) this.failed.push(...outcome.map(({ id }) => ({ id, reason: "refused again and again" })));
      else await this.#pause(wait);
      left = outcome;
    }
    return "taken";
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal }).catch(() => undefined);
    this.#signal.throwIfAborted();
  }

  /** @returns what was refused for now. */
  async #once(lines: readonly Line[]): Promise<readonly Line[] | "too large"> {
    const { requests, timeoutMs } = this.#parts;
    const options = { lines: lines.map(({ text }) => text).join(""), accept: [TOO_LARGE], timeoutMs };
    const answer = await requests.send("POST", "/_bulk", options);
    if (answer.status === TOO_LARGE) return "too large";
    const { items } = bulkSchema.parse(answer.body);
    const again: Line[] = [];
    items.forEach(({ _id: id, status, error }, at) => {
      const line = lines[at];
      if (error === undefined) this.written++;
      else if (isPassing(status, error.type) && line !== undefined) again.push(line);
      else this.failed.push({ id, reason: `${status} ${error.type}: ${error.reason ?? ""}` });
    });
    return again;
  }
}
