import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import type { EventBatch, FactBatch } from "../engine/facts.ts";
import { emptyTerms, EventColumns, EVENT_TERM_KINDS, type Translations } from "./event-columns.ts";

/** Facts for one append: enough that the work of a commit is small beside them, few enough to hold two of them at a time. */
export interface BatchSizes {
  /** Events that are spread thinly over many days are gathered for longer, up to `GATHERED` as many: an append writes each of its days. */
  readonly events: number;
  readonly lines: number;
  /** Characters of the sources of records. */
  readonly sourceCharacters: number;
}
export const BATCH_SIZES: BatchSizes = { events: 200_000, lines: 20_000, sourceCharacters: 32 << 20 };

const GATHERED = 5;
/** An append of `events` may touch so many days. */
const DAYS_OF_FULL_BATCH = 40;

interface EventPart {
  readonly batch: EventBatch;
  readonly from: number;
  readonly to: number;
}

/** More texts than this are forgotten together. */
const MOST_TEXTS = 1_000_000;

/** Texts that batches have in common are numbered once: most of a batch were in the one before. */
class SharedTerms {
  readonly terms = emptyTerms();
  readonly translations: Translations = new WeakMap();

  get isFull(): boolean {
    return EVENT_TERM_KINDS.reduce((sum, kind) => sum + this.terms[kind].texts.length, 0) > MOST_TEXTS;
  }
}

/** Joins what blocks came to into batches for the store. */
export class FactBatches {
  readonly #sizes: BatchSizes;
  #eventParts: EventPart[] = [];
  #events = 0;
  readonly #days = new Set<number>();
  #terms = new SharedTerms();
  #others: FactBatch[] = [];
  #lines = 0;
  #characters = 0;

  constructor(sizes: BatchSizes) {
    this.#sizes = sizes;
  }

  /** Adds facts and gives the batches that became full. */
  *add(facts: FactBatch): Generator<FactBatch> {
    if (facts.events !== undefined) yield* this.#addEvents(facts.events);
    else {
      this.#others.push(facts);
      this.#lines += linesIn(facts);
      for (const { source } of facts.records ?? []) this.#characters += source.length;
      if (this.#lines >= this.#sizes.lines || this.#characters >= this.#sizes.sourceCharacters) yield* this.rest();
    }
  }

  *#addEvents(batch: EventBatch): Generator<FactBatch> {
    for (let from = 0; from < batch.count;) {
      const untilFull = this.#sizes.events - (this.#events % this.#sizes.events);
      const to = Math.min(batch.count, from + untilFull);
      this.#addPart({ batch, from, to });
      from = to;
      if (this.#events % this.#sizes.events === 0 && this.#isWorthAnAppend()) yield* this.rest();
    }
  }

  #addPart(part: EventPart): void {
    this.#eventParts.push(part);
    this.#events += part.to - part.from;
    let before = Number.NaN;
    for (let at = part.from; at < part.to; at++) {
      const day = Math.floor((part.batch.instant[at] ?? 0) / MS_PER_DAY);
      if (day !== before) this.#days.add(day);
      before = day;
    }
  }

  #isWorthAnAppend(): boolean {
    const full = this.#events / this.#sizes.events;
    return full >= GATHERED || this.#days.size <= full * DAYS_OF_FULL_BATCH;
  }

  /** What is left; nothing where there is nothing. */
  *rest(): Generator<FactBatch> {
    if (this.#events > 0) yield { events: this.#joinEvents() };
    if (this.#lines > 0) yield joinLines(this.#others);
    [this.#eventParts, this.#events] = [[], 0];
    this.#days.clear();
    [this.#others, this.#lines, this.#characters] = [[], 0, 0];
  }

  #joinEvents(): EventBatch {
    if (this.#terms.isFull) this.#terms = new SharedTerms();
    const columns = new EventColumns(this.#events, this.#terms.terms, this.#terms.translations);
    for (const { batch, from, to } of this.#eventParts) columns.append(batch, from, to);
    return columns.batch();
  }
}

function linesIn({ records, communities, memberships, deletions }: FactBatch): number {
  return [records, communities, memberships, deletions].reduce((sum, lines) => sum + (lines?.length ?? 0), 0);
}

function joinLines(batches: readonly FactBatch[]): FactBatch {
  return {
    records: batches.flatMap(({ records }) => records ?? []),
    communities: batches.flatMap(({ communities }) => communities ?? []),
    memberships: batches.flatMap(({ memberships }) => memberships ?? []),
    deletions: batches.flatMap(({ deletions }) => deletions ?? []),
  };
}
