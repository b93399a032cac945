import { z } from "zod";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { LabelSpan } from "../../engine/rollup-store.ts";
import { KEPT_MS } from "./brief-memory.ts";
import { bulk } from "./bulk.ts";
import { changeDocument, getDocument, getDocuments, type Found } from "./documents.ts";
import { numberField, textField, type Hit } from "./hits.ts";
import type { NumbersPlace } from "./numbers-place.ts";

const CHUNK_SPANS = 2000;
const CHUNKS_AT_ONCE = 8;
const READ_TRIES = 5;
const HEAD = "labels";

/** Finds the head: whoever searches numbers takes it along, to know whether the labels that he remembers still hold. */
export const LABELS_HEAD = { term: { t: HEAD } };

const headSchema = z.object({ slot: z.number(), chunks: z.record(z.string(), z.number()) });
const chunkSchema = z.object({ w: z.number(), spans: z.array(z.tuple([z.number(), z.number(), z.string()])) });

/** Labels that were written together. */
interface Edition {
  /** Null where none were ever written. */
  readonly write: number | null;
  readonly slot: number;
  readonly chunks: Readonly<Record<string, number>>;
  /** Those of breakdowns that were read. */
  readonly spans: Map<string, readonly LabelSpan[]>;
}

/** The labels of a generation, in chunks of one breakdown each; replaced together. They have two places, used in turn. */
export class Labels {
  readonly #place: NumbersPlace;
  #edition: Edition | null = null;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  async replace(labels: readonly LabelSpan[]): Promise<void> {
    const { requests, index, fence, nextWrite, wrote } = this.#place;
    const found = await getDocument(requests, index, HEAD);
    const slot = found === null ? 0 : 1 - headSchema.parse(found.source["line"]).slot;
    const write = await nextWrite();
    const chunks: Record<string, number> = {};
    const writes = chunked(labels).map(({ breakdown, spans }) => {
      const chunk = chunks[breakdown] ?? 0;
      chunks[breakdown] = chunk + 1;
      const rows = spans.map(({ value, from, label }) => [value, from, label]);
      const source = { t: "label", line: { w: write, spans: rows } };
      return { action: "index", id: chunkId(breakdown, slot, chunk), version: write, source } as const;
    });
    await bulk(requests, index, writes);
    await changeDocument(requests, { index, id: HEAD }, (source) => {
      return { t: "labels", w: write, token: fence.pass(source), line: { slot, chunks } };
    });
    this.#edition = null;
    wrote();
  }

  /** Takes those of breakdowns out of another generation, under names of their own, beside the ones that are here. */
  async take(from: Labels, columns: ReadonlyMap<string, string>): Promise<void> {
    const { requests, index } = this.#place;
    const found = await getDocument(requests, index, HEAD);
    const names = found === null ? [] : Object.keys(headSchema.parse(found.source["line"]).chunks);
    const labels: LabelSpan[] = [];
    const taken = new Set(columns.values());
    for (const name of names) if (!taken.has(name)) labels.push(...(await this.of(name)));
    for (const [name, column] of columns) {
      for (const span of await from.of(name)) labels.push({ ...span, breakdown: column });
    }
    await this.replace(labels);
  }

  /** Told by a search which writing is the newest: while it is the one that is remembered, nothing is asked. */
  saw(write: number | null): void {
    if (this.#edition?.write === write) this.#checkedAt = performance.now();
  }

  async of(breakdown: string): Promise<readonly LabelSpan[]> {
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const edition = await this.#newest();
      const spans = edition.spans.get(breakdown) ?? (await this.#read(edition, breakdown));
      if (spans !== null) return spans;
      this.#edition = null;
    }
    throw new Error(`the labels of ${breakdown} changed ${READ_TRIES} times while they were read`);
  }

  async #newest(): Promise<Edition> {
    const now = performance.now();
    const known = this.#edition;
    if (known !== null && now - this.#checkedAt < KEPT_MS) return known;
    const { requests, index } = this.#place;
    const found = editionOf(await getDocument(requests, index, HEAD));
    const newest = known?.write === found.write ? known : found;
    this.#edition = newest;
    this.#checkedAt = now;
    return newest;
  }

  /** Null when they were replaced twice meanwhile. */
  async #read({ write, slot, chunks, spans: known }: Edition, breakdown: string): Promise<readonly LabelSpan[] | null> {
    const { requests, index } = this.#place;
    const ids = Array.from({ length: chunks[breakdown] ?? 0 }, (_, chunk) => chunkId(breakdown, slot, chunk));
    const spans: LabelSpan[] = [];
    for (let from = 0; from < ids.length; from += CHUNKS_AT_ONCE) {
      for (const chunk of await getDocuments(requests, index, ids.slice(from, from + CHUNKS_AT_ONCE))) {
        const parsed = chunkSchema.parse(chunk?.source["line"]);
        if (parsed.w !== write) return null;
        for (const [value, day, label] of parsed.spans) spans.push({ breakdown, value, from: day as DayNumber, label });
      }
    }
    known.set(breakdown, spans);
    return spans;
  }
}

/** Out of an answer that `LABELS_HEAD` was asked for in; null where there are no labels. */
export function labelsWriteOf(hits: readonly Hit[]): number | null {
  const head = hits.find((hit) => textField(hit, "t") === HEAD);
  return head === undefined ? null : numberField(head, "w");
}

function editionOf(found: Found | null): Edition {
  const spans = new Map<string, readonly LabelSpan[]>();
  if (found === null) return { write: null, slot: 0, chunks: {}, spans };
  const { slot, chunks } = headSchema.parse(found.source["line"]);
  return { write: z.number().parse(found.source["w"]), slot, chunks, spans };
}

function chunkId(breakdown: string, slot: number, chunk: number): string {
  return `label/${breakdown}/${slot}/${chunk}`;
}

/** By breakdown, ascending by value and day. */
function chunked(
  labels: readonly LabelSpan[],
): readonly { readonly breakdown: string; readonly spans: readonly LabelSpan[] }[] {
  const sorted = labels.toSorted((a, b) => a.value - b.value || a.from - b.from);
  return Array.from(Map.groupBy(sorted, ({ breakdown }) => breakdown)).flatMap(([breakdown, spans]) => {
    const count = Math.ceil(spans.length / CHUNK_SPANS);
    return Array.from({ length: count }, (_, chunk) => {
      return { breakdown, spans: spans.slice(chunk * CHUNK_SPANS, (chunk + 1) * CHUNK_SPANS) };
    });
  });
}
