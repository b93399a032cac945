import { z } from "zod";
import type { Json, Requests } from "./requests.ts";

/** One document that a search found. */
export interface Hit {
  readonly id: string;
  readonly source: Json;
  /** Values of columns, by field. */
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
  readonly seqNo: number;
}

/** As OpenSearch writes it. What it holds is not looked at one by one: an answer has thousands of hits, and somebody waits for them. */
interface WrittenHit {
  readonly _id?: string;
  readonly _source?: Json;
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
  readonly _seq_no?: number;
  readonly sort?: readonly unknown[];
}
const writtenHit = z.custom<WrittenHit>((value) => typeof value === "object" && value !== null);
const answerSchema = z.object({ hits: z.object({ hits: z.array(writtenHit) }) });

/** Sorted by something that no two documents share; without `size` and `search_after`. */
export interface PagedSearch {
  readonly index: string;
  readonly body: Json;
  readonly pageSize: number;
  /** Which copies of which shards are asked. */
  readonly preference?: string;
  /** Stops after so many hits; all by default. */
  readonly most?: number;
}

/** All hits of a search, page after page; the next page is asked for while one is worked on. */
export async function* pages(requests: Requests, search: PagedSearch): AsyncGenerator<readonly Hit[]> {
  let asked = ask(requests, search, undefined);
  let count = 0;
  for (;;) {
    const { hits, last } = await asked;
    count += hits.length;
    const isLast =
      hits.length < search.pageSize || last === undefined || count >= (search.most ?? Number.POSITIVE_INFINITY);
    if (!isLast) {
      asked = ask(requests, search, last);
      // Whoever awaits it meets its failure; who stops reading before that does not care.
      asked.catch(() => undefined);
    }
    if (hits.length > 0) yield hits;
    if (isLast) return;
  }
}

/** As `pages`, all at once. */
export async function allHits(requests: Requests, search: PagedSearch): Promise<readonly Hit[]> {
  const all: Hit[] = [];
  for await (const page of pages(requests, search)) for (const hit of page) all.push(hit);
  return all;
}

interface Page {
  readonly hits: readonly Hit[];
  readonly last: readonly unknown[] | undefined;
}

async function ask(requests: Requests, search: PagedSearch, after: readonly unknown[] | undefined): Promise<Page> {
  const paging = { size: search.pageSize, ...(after === undefined ? {} : { search_after: after }) };
  const body = { track_total_hits: false, ...search.body, ...paging };
  const found = answerSchema.parse(await requests.search(search.index, body, search.preference)).hits.hits;
  return { hits: found.map(hitOf), last: found.at(-1)?.sort };
}

const NO_FIELDS: Hit["fields"] = {};

function hitOf({ _id = "", _source = NO_FIELDS, fields = NO_FIELDS, _seq_no = -1 }: WrittenHit): Hit {
  return { id: _id, source: _source, fields, seqNo: _seq_no };
}

/** Checked by hand: an answer has thousands of fields, and somebody waits for them. */
export function numberField(hit: Hit, name: string): number {
  const value = hit.fields[name]?.[0];
  if (typeof value === "number") return value;
  throw unlike(hit, name, "a number");
}

export function textField(hit: Hit, name: string): string {
  const value = hit.fields[name]?.[0];
  if (typeof value === "string") return value;
  throw unlike(hit, name, "a text");
}

/** Bytes of a column; undefined where the document has none. */
export function bytesField(hit: Hit, name: string): Uint8Array | undefined {
  return hit.fields[name]?.[0] === undefined ? undefined : Buffer.from(textField(hit, name), "base64url");
}

function unlike({ id, fields }: Hit, name: string, wanted: string): Error {
  return new Error(
    `${wanted} was expected as ${name} of the document "${id}", which has ${JSON.stringify(fields[name])}`,
  );
}

/** How bytes are written into a column. */
export function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
}
