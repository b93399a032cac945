import { z } from "zod";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { LabelSpan } from "../../engine/rollup-store.ts";
import { BriefMemory } from "./brief-memory.ts";
import { bulk } from "./bulk.ts";
import { changeDocument, getDocument, getDocuments } from "./documents.ts";
import type { NumbersPlace } from "./use-numbers.ts";

const CHUNK_SPANS = 2000;
const CHUNKS_AT_ONCE = 8;
const READ_TRIES = 5;
const HEAD = "labels";

const headSchema = z.object({ slot: z.number(), chunks: z.record(z.string(), z.number()) });
const chunkSchema = z.object({ w: z.number(), spans: z.array(z.tuple([z.number(), z.number(), z.string()])) });

/** The labels of a generation, in chunks of one breakdown each; replaced together. They have two places, used in turn. */
export class Labels {
  readonly #place: NumbersPlace;
  readonly #memory = new BriefMemory();

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  async replace(labels: readonly LabelSpan[]): Promise<void> {
    const { requests, index, fence, nextWrite } = this.#place;
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
    this.#memory.forget();
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

  async of(breakdown: string): Promise<readonly LabelSpan[]> {
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const spans = await this.#read(breakdown);
      if (spans !== null) return spans;
      this.#memory.forget();
    }
    throw new Error(`the labels of ${breakdown} changed ${READ_TRIES} times while they were read`);
  }

  /** Null when they were replaced twice meanwhile. */
  async #read(breakdown: string): Promise<readonly LabelSpan[] | null> {
    const { requests, index } = this.#place;
    const found = await this.#memory.of(HEAD, () => getDocument(requests, index, HEAD));
    if (found === null) return [];
    const { slot, chunks } = headSchema.parse(found.source["line"]);
    const ids = Array.from({ length: chunks[breakdown] ?? 0 }, (_, chunk) => chunkId(breakdown, slot, chunk));
    const spans: LabelSpan[] = [];
    for (let from = 0; from < ids.length; from += CHUNKS_AT_ONCE) {
      for (const chunk of await getDocuments(requests, index, ids.slice(from, from + CHUNKS_AT_ONCE))) {
        const parsed = chunkSchema.parse(chunk?.source["line"]);
        if (parsed.w !== found.source["w"]) return null;
        for (const [value, day, label] of parsed.spans) spans.push({ breakdown, value, from: day as DayNumber, label });
      }
    }
    return spans;
  }
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
