import { NO_TERM } from "../domain/kernel-events.ts";
import type { EventBatch, EventTermKind } from "../engine/facts.ts";

type Columns = Omit<EventBatch, "count" | "dictionaries">;
export const EVENT_TERM_KINDS = [
  "record",
  "parent",
  "country",
  "referrer",
  "fileType",
  "communitySet",
] as const satisfies readonly EventTermKind[];

/** Texts numbered in order of their first appearance. */
export class TermList {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }
}

export type EventTerms = Readonly<Record<EventTermKind, TermList>>;

export function emptyTerms(): EventTerms {
  return {
    record: new TermList(),
    parent: new TermList(),
    country: new TermList(),
    referrer: new TermList(),
    fileType: new TermList(),
    communitySet: new TermList(),
  };
}

/** By dictionary of another batch: our codes of its texts, as far as they were needed. */
export type Translations = WeakMap<readonly string[], Int32Array<ArrayBuffer>>;

/** A batch under construction: columns of which the first `count` places are filled, and the terms that they name. */
export class EventColumns {
  count = 0;
  columns: Columns;
  #capacity: number;
  readonly terms: EventTerms;
  readonly #translations: Translations;

  /** `terms` may know texts already; they become the dictionaries of the batch. `translations` are into these. */
  constructor(capacity: number, terms = emptyTerms(), translations: Translations = new WeakMap()) {
    this.#capacity = capacity;
    this.columns = allocate(capacity);
    this.terms = terms;
    this.#translations = translations;
  }

  /** Makes sure that one more event fits. */
  reserve(): void {
    if (this.count < this.#capacity) return;
    this.#capacity = 2 * this.#capacity + 16;
    const larger = allocate(this.#capacity);
    for (const name of COLUMNS) larger[name].set(this.columns[name]);
    this.columns = larger;
  }

  /** Appends events `from` (inclusive) to `to` (exclusive) of a batch; there must be room. */
  append(batch: EventBatch, from: number, to: number): void {
    const { columns, count } = this;
    for (const name of PLAIN) columns[name].set(batch[name].subarray(from, to), count);
    for (const name of TWO_WORDS) columns[name].set(batch[name].subarray(2 * from, 2 * to), 2 * count);
    columns.id.set(batch.id.subarray(4 * from, 4 * to), 4 * count);
    for (const kind of EVENT_TERM_KINDS) this.#translate(kind, batch, { from, to });
    this.count += to - from;
  }

  #translate(kind: EventTermKind, batch: EventBatch, range: { readonly from: number; readonly to: number }): void {
    const terms = this.terms[kind];
    const texts = batch.dictionaries[kind];
    const codes = this.#translation(texts);
    const [source, target] = [batch[kind], this.columns[kind]];
    for (let at = range.from, to = this.count; at < range.to; at++, to++) {
      const local = source[at] ?? NO_TERM;
      if (local === NO_TERM) {
        target[to] = NO_TERM;
        continue;
      }
      if (codes[local] === NO_TERM) codes[local] = terms.code(texts[local] ?? "");
      target[to] = codes[local] ?? NO_TERM;
    }
  }

  /** The blocks of one thread share dictionaries that grow: each text is looked up once. */
  #translation(texts: readonly string[]): Int32Array<ArrayBuffer> {
    const known = this.#translations.get(texts);
    if (known !== undefined && known.length >= texts.length) return known;
    const codes = new Int32Array(texts.length).fill(NO_TERM);
    if (known !== undefined) codes.set(known);
    this.#translations.set(texts, codes);
    return codes;
  }

  /** The events so far. Columns are cut to their number; full ones are handed over as they are. */
  batch(): EventBatch {
    const { columns, count, terms } = this;
    const dictionaries = {
      record: terms.record.texts,
      parent: terms.parent.texts,
      country: terms.country.texts,
      referrer: terms.referrer.texts,
      fileType: terms.fileType.texts,
      communitySet: terms.communitySet.texts,
    };
    if (count === this.#capacity) return { count, ...columns, dictionaries };
    return {
      count,
      id: columns.id.slice(0, 4 * count),
      instant: columns.instant.slice(0, count),
      updated: columns.updated.slice(0, count),
      kind: columns.kind.slice(0, count),
      reader: columns.reader.slice(0, count),
      viaApi: columns.viaApi.slice(0, count),
      record: columns.record.slice(0, count),
      parent: columns.parent.slice(0, count),
      country: columns.country.slice(0, count),
      referrer: columns.referrer.slice(0, count),
      fileType: columns.fileType.slice(0, count),
      communitySet: columns.communitySet.slice(0, count),
      visitor: columns.visitor.slice(0, 2 * count),
      file: columns.file.slice(0, 2 * count),
      bytes: columns.bytes.slice(0, count),
      presence: columns.presence.slice(0, count),
      generated: columns.generated.slice(0, count),
      dictionaries,
    };
  }
}

const PLAIN = ["instant", "updated", "kind", "reader", "viaApi", "bytes", "presence", "generated"] as const;
const TWO_WORDS = ["visitor", "file"] as const;
const COLUMNS = ["id", ...PLAIN, ...TWO_WORDS, ...EVENT_TERM_KINDS] as const;

function allocate(capacity: number): Columns {
  return {
    id: new Uint32Array(4 * capacity),
    instant: new Float64Array(capacity),
    updated: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    reader: new Uint8Array(capacity),
    viaApi: new Uint8Array(capacity),
    record: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    country: new Int32Array(capacity),
    referrer: new Int32Array(capacity),
    fileType: new Int32Array(capacity),
    communitySet: new Int32Array(capacity),
    visitor: new Uint32Array(2 * capacity),
    file: new Uint32Array(2 * capacity),
    bytes: new Float64Array(capacity),
    presence: new Uint16Array(capacity),
    generated: new Uint8Array(capacity),
  };
}

/** The buffers of a batch, to hand it to another thread without copying. */
export function buffersOf(batch: EventBatch): ArrayBuffer[] {
  return Object.values(batch)
    .filter((column) => ArrayBuffer.isView(column))
    .map((column) => column.buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
}
