import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { SearchRefusedError } from "../../engine/search-errors.ts";
import type { Json, Requests } from "./requests.ts";
import { isPassing, waits } from "./retry.ts";

/** One document to write. `create` leaves one that is there already as it is, and so does `version` one that has a greater one. */
export interface BulkWrite {
  readonly action: "index" | "create";
  readonly id: string;
  readonly version?: number;
  /** Only over exactly this document: one that was changed meanwhile stays. */
  readonly over?: { readonly seqNo: number; readonly term: number };
  readonly source: Json;
}
/** What became of a write. */
export type BulkResult = "written" | "known";

const BULK_BYTES = 8 << 20;
const BULK_WRITES = 5000;
const CONFLICT = 409;
const TOO_LARGE = 413;

const itemSchema = z.object({
  status: z.number(),
  error: z.object({ type: z.string(), reason: z.string().nullish() }).optional(),
});
const bulkSchema = z.object({ items: z.array(z.record(z.string(), itemSchema)) });

interface Line {
  readonly at: number;
  readonly id: string;
  readonly text: string;
}

/**
 * Writes documents into one index, in requests of bearable size. What is refused for now is sent again; what is too large for a request is
 * divided. @returns what became of each, in their order. @throws SearchRefusedError naming the first that is refused for good.
 */
export async function bulk(
  requests: Requests,
  index: string,
  writes: readonly BulkWrite[],
): Promise<readonly BulkResult[]> {
  const results = Array.from(writes, (): BulkResult => "written");
  const lines = writes.map((write, at) => ({ at, id: write.id, text: linesOf(write) }));
  for (const chunk of chunksOf(lines)) await new BulkChunk(requests, index, results).send(chunk);
  return results;
}

function linesOf({ action, id, version, over, source }: BulkWrite): string {
  const versioned = version === undefined ? {} : { version, version_type: "external_gte" };
  const guarded = over === undefined ? {} : { if_seq_no: over.seqNo, if_primary_term: over.term };
  return `${JSON.stringify({ [action]: { _id: id, ...versioned, ...guarded } })}\n${JSON.stringify(source)}\n`;
}

/** Chunks of at most so many writes and bytes; a larger write stands alone. */
function* chunksOf(lines: readonly Line[]): Generator<readonly Line[]> {
  let chunk: Line[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (chunk.length > 0 && (bytes + line.text.length > BULK_BYTES || chunk.length === BULK_WRITES)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(line);
    bytes += line.text.length;
  }
  if (chunk.length > 0) yield chunk;
}

class BulkChunk {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #results: BulkResult[];

  constructor(requests: Requests, index: string, results: BulkResult[]) {
    this.#requests = requests;
    this.#index = index;
    this.#results = results;
  }

  async send(lines: readonly Line[]): Promise<void> {
    let left = await this.#once(lines);
    for (const wait of waits(this.#requests.policy)) {
      if (left.length === 0) return;
      await sleep(wait);
      left = await this.#once(left.map(({ line }) => line));
    }
    const [first] = left;
    if (first !== undefined) throw this.#refused(first);
  }

  /** @returns what was refused for now. */
  async #once(lines: readonly Line[]): Promise<readonly Refusal[]> {
    const { bulkMs } = this.#requests.limits;
    const options = { lines: lines.map(({ text }) => text).join(""), accept: [TOO_LARGE], timeoutMs: bulkMs };
    const answer = await this.#requests.send("POST", `/${this.#index}/_bulk`, options);
    if (answer.status === TOO_LARGE) return await this.#divided(lines);
    const { items } = bulkSchema.parse(answer.body);
    return items.flatMap((item, position) => this.#note(lines[position], Object.values(item)[0]));
  }

  async #divided(lines: readonly Line[]): Promise<readonly Refusal[]> {
    const [first] = lines;
    if (first !== undefined && lines.length === 1) {
      throw this.#refused({
        line: first,
        status: TOO_LARGE,
        reason: `its ${first.text.length} characters are too many`,
      });
    }
    const half = Math.ceil(lines.length / 2);
    return [...(await this.#once(lines.slice(0, half))), ...(await this.#once(lines.slice(half)))];
  }

  #note(line: Line | undefined, item: z.infer<typeof itemSchema> | undefined): readonly Refusal[] {
    if (line === undefined || item === undefined || item.error === undefined) return [];
    if (item.status === CONFLICT) {
      this.#results[line.at] = "known";
      return [];
    }
    const refusal = { line, status: item.status, reason: `${item.error.type}: ${item.error.reason ?? ""}` };
    if (!isPassing(item.status, item.error.type)) throw this.#refused(refusal);
    return [refusal];
  }

  #refused({ line, status, reason }: Refusal): SearchRefusedError {
    return new SearchRefusedError(`the document ${line.id} of ${this.#index}`, status, reason);
  }
}

interface Refusal {
  readonly line: Line;
  readonly status: number;
  readonly reason: string;
}
