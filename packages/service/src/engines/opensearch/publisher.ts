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
import { PublicationTargets } from "./publication-targets.ts";
import type { Requests } from "./requests.ts";
import { isPassing, waits } from "./retry.ts";
import { contentOf, storedSources } from "./stored-sources.ts";

const TOO_LARGE = 413;
const NEVER = new AbortController().signal;
const CHUNK_ID = "chunk/published";

const itemSchema = z.object({
  _id: z.string(),
  status: z.number(),
  error: z.object({ type: z.string(), reason: z.string().nullish() }).optional(),
});
const bulkSchema = z.object({ items: z.array(z.object({ index: itemSchema }).transform(({ index }) => index)) });

export interface PublisherParts {
  readonly requests: Requests;
  readonly prefix: string;
  readonly chunks: ChunkSettings;
  /** What a request may take. */
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
    const targets = new PublicationTargets(this.#parts, name);
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

interface Line {
  readonly index: string;
  readonly id: string;
  readonly source: object;
  readonly text: string;
}

/** One publication: gathers documents into chunks, and remembers what was refused. */
class Run {
  readonly #parts: PublisherParts;
  readonly #targets: PublicationTargets;
  readonly #signal: AbortSignal;
  readonly failed: NotPublished[] = [];
  /** To be compared with what stands there. */
  #compared: Line[] = [];
  /** To be written. */
  #waiting: Line[] = [];
  written = 0;
  unchanged = 0;
  size: number;

  constructor(
    parts: PublisherParts,
    targets: PublicationTargets,
    { size, signal }: { size: number; signal: AbortSignal },
  ) {
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
    const { index, isNew } = await this.#targets.of(year);
    const action = { index: { _index: index, _id: id } };
    const line = { index, id, source, text: `${JSON.stringify(action)}\n${JSON.stringify(source)}\n` };
    (isNew ? this.#waiting : this.#compared).push(line);
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
