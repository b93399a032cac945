import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";
import { bulk } from "./bulk.ts";
import { changeDocument, getDocument, getDocuments, nextNumber } from "./documents.ts";
import { allHits, base64 } from "./hits.ts";
import type { Requests } from "./requests.ts";

const PART_BYTES = 1 << 20;
const PARTS_AT_ONCE = 8;
/** From so many writes on they become one. */
const MOST_WRITES = 40;
const HEAD = "extracts";
const HEAD_PAGE = 100;

const writeSchema = z.object({
  id: z.number(),
  parts: z.number(),
  count: z.number(),
  first: z.number(),
  last: z.number(),
});
type Write = z.infer<typeof writeSchema>;
const headSchema = z.object({ writes: z.array(writeSchema) });

/** What is kept to save time, as a list of writes: a later one replaces what an earlier one says of the same piece. */
export class Extracts {
  readonly #requests: Requests;
  readonly #index: string;

  constructor(requests: Requests, index: string) {
    this.#requests = requests;
    this.#index = index;
  }

  async read(definition: string): Promise<ReadonlyMap<number, Uint8Array>> {
    const found = await getDocument(this.#requests, this.#index, headId(definition));
    const entries = new Map<number, Uint8Array>();
    for (const write of found === null ? [] : headSchema.parse(found.source["line"]).writes) {
      const bytes = await this.#bytesOf(definition, write);
      if (bytes !== null) for (const [piece, data] of unpacked(bytes)) entries.set(piece, data);
    }
    return entries;
  }

  async write(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void> {
    if (entries.size === 0) return;
    const write = await this.#store(definition, entries);
    let gone: readonly Write[] = [];
    const head = await changeDocument(this.#requests, { index: this.#index, id: headId(definition) }, (source) => {
      const before = source === null ? [] : headSchema.parse(source["line"]).writes;
      gone = before.filter((older) => covers(write, older));
      return { t: "extracts", line: { writes: [...before.filter((older) => !gone.includes(older)), write] } };
    });
    await this.#remove(headId(definition), gone);
    if (headSchema.parse(head?.["line"]).writes.length > MOST_WRITES) await this.#merge(definition);
  }

  /** Removes all of any other definition. */
  async dropExcept(definitions: readonly string[]): Promise<void> {
    const kept = new Set(definitions.map(headId));
    await this.#requests.refresh(this.#index);
    const body = { query: { term: { t: "extracts" } }, sort: [{ _seq_no: "asc" }] };
    for (const { id, source } of await allHits(this.#requests, { index: this.#index, body, pageSize: HEAD_PAGE })) {
      if (kept.has(id)) continue;
      await this.#requests.send("DELETE", `/${this.#index}/_doc/${encodeURIComponent(id)}`, { accept: [404] });
      await this.#remove(id, headSchema.parse(source["line"]).writes);
    }
  }

  async #merge(definition: string): Promise<void> {
    const all = await this.read(definition);
    const write = await this.#store(definition, all);
    let gone: readonly Write[] = [];
    await changeDocument(this.#requests, { index: this.#index, id: headId(definition) }, (source) => {
      const before = source === null ? [] : headSchema.parse(source["line"]).writes;
      gone = before.filter((older) => older.id < write.id);
      return { t: "extracts", line: { writes: [write, ...before.filter((older) => older.id > write.id)] } };
    });
    await this.#remove(headId(definition), gone);
  }

  async #store(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<Write> {
    const id = await nextNumber(this.#requests, this.#index, "counter/extracts");
    const bytes = packed(entries);
    const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
    const writes = Array.from({ length: parts }, (_, part) => {
      const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      return {
        action: "index",
        id: partId(headId(definition), id, part),
        source: { t: "extract", payload: base64(piece) },
      } as const;
    });
    await bulk(this.#requests, this.#index, writes);
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const piece of entries.keys()) [first, last] = [Math.min(first, piece), Math.max(last, piece)];
    return { id, parts, count: entries.size, first, last };
  }

  /** Null when it was merged meanwhile: what is missing is read out of the facts again. */
  async #bytesOf(definition: string, { id, parts }: Write): Promise<Uint8Array | null> {
    const pieces: Buffer[] = [];
    for (let from = 0; from < parts; from += PARTS_AT_ONCE) {
      const count = Math.min(PARTS_AT_ONCE, parts - from);
      const ids = Array.from({ length: count }, (_, at) => partId(headId(definition), id, from + at));
      for (const found of await getDocuments(this.#requests, this.#index, ids)) {
        if (found === null) return null;
        pieces.push(Buffer.from(z.string().parse(found.source["payload"]), "base64"));
      }
    }
    return Buffer.concat(pieces);
  }

  async #remove(head: string, writes: readonly Write[]): Promise<void> {
    for (const { id, parts } of writes) {
      for (let part = 0; part < parts; part++) {
        const path = `/${this.#index}/_doc/${encodeURIComponent(partId(head, id, part))}`;
        await this.#requests.send("DELETE", path, { accept: [404] });
      }
    }
  }
}

/** True when every piece of the older one comes again. */
function covers(newer: Write, older: Write): boolean {
  const isDense = newer.count === newer.last - newer.first + 1;
  return isDense && older.first >= newer.first && older.last <= newer.last;
}

function headId(definition: string): string {
  return `${HEAD}/${createHash("sha256").update(definition).digest("base64url").slice(0, 24)}`;
}

function partId(head: string, write: number, part: number): string {
  return `extract/${head.slice(HEAD.length + 1)}/${write}/${part}`;
}

/** Pairs of number and length, then the bytes, compressed. */
function packed(entries: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const head = new Float64Array(1 + 2 * entries.size);
  head[0] = entries.size;
  let at = 1;
  for (const [piece, data] of entries) {
    head[at++] = piece;
    head[at++] = data.length;
  }
  return zstdCompressSync(Buffer.concat([Buffer.from(head.buffer), ...entries.values()]));
}

function* unpacked(bytes: Uint8Array): Generator<[number, Uint8Array]> {
  const all = zstdDecompressSync(bytes);
  const count = all.readDoubleLE(0);
  let at = 8 * (1 + 2 * count);
  for (let entry = 0; entry < count; entry++) {
    const length = all.readDoubleLE(16 + 16 * entry);
    yield [all.readDoubleLE(8 + 16 * entry), Uint8Array.from(all.subarray(at, at + length))];
    at += length;
  }
}
