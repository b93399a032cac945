import { createHash } from "node:crypto";
import { gatherRows, type EventField, EVENT_FIELDS, type EventRows, WORDS } from "../engine/event-rows.ts";
import { withTexts } from "../engine/row-texts.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import type { EventBatch, EventTermKind, RecordLine } from "../engine/facts.ts";
import { recordLineIdentity } from "../engine/record-identity.ts";

const TERM_FIELDS: ReadonlySet<EventField> = new Set<EventField>([
  "record",
  "parent",
  "country",
  "referrer",
  "fileType",
  "communitySet",
]);

/** Texts of a store's codes, read on as they grow. */
export class StoreTexts {
  readonly #facts: FactStore;
  readonly #texts = new Map<EventTermKind, string[]>();

  constructor(facts: FactStore) {
    this.#facts = facts;
  }

  /** The rows of a day with texts of their own, ascending by identity. */
  async batch(rows: EventRows): Promise<EventBatch> {
    for (const kind of ["record", "parent", "country", "referrer", "fileType", "communitySet"] as const) {
      await this.#readUpTo(kind, rows[kind]);
    }
    return withTexts(inOrder(rows), (kind, code) => this.#texts.get(kind)?.[code] ?? "");
  }

  async #readUpTo(kind: EventTermKind, codes: Int32Array): Promise<void> {
    const known = this.#texts.get(kind) ?? [];
    this.#texts.set(kind, known);
    const greatest = codes.reduce((most, code) => Math.max(most, code), NO_TERM);
    if (greatest >= known.length) for (const text of await this.#facts.terms(kind, known.length)) known.push(text);
  }
}

function inOrder(rows: EventRows): EventRows {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  return gatherRows(
    rows,
    order.toSorted((a, b) => compareIds(rows.id, a, b)),
  );
}

function compareIds(ids: Uint32Array, a: number, b: number): number {
  for (let word = 0; word < 4; word++) {
    const order = (ids[4 * a + word] ?? 0) - (ids[4 * b + word] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** The same for the same events, whatever store gave them. The batch is ascending by identity. */
export function eventsDigest(batch: EventBatch): string {
  const digest = createHash("sha256");
  for (const field of EVENT_FIELDS) {
    digest.update(`${field} `);
    if (TERM_FIELDS.has(field)) digest.update(JSON.stringify(textsOf(batch, field as EventTermKind)));
    else {
      const { buffer, byteOffset, BYTES_PER_ELEMENT } = batch[field];
      digest.update(new Uint8Array(buffer, byteOffset, batch.count * WORDS[field] * BYTES_PER_ELEMENT));
    }
  }
  return digest.digest("hex");
}

function textsOf(batch: EventBatch, kind: EventTermKind): readonly (string | null)[] {
  const texts = batch.dictionaries[kind];
  return Array.from(batch[kind].subarray(0, batch.count), (code) => (code === NO_TERM ? null : (texts[code] ?? null)));
}

/** A sum of the digests of lines: the same in whatever order they come. */
export class LinesDigest {
  #sum = 0n;
  count = 0;

  add(line: string): void {
    this.count++;
    this.#sum += BigInt(`0x${createHash("sha256").update(line).digest("hex")}`);
  }

  get text(): string {
    return `${this.count} ${this.#sum.toString(16)}`;
  }
}

/** Everything that a store keeps of a record line, as text. */
export function recordText(line: RecordLine): string {
  return JSON.stringify([recordLineIdentity(line), line.generated]);
}
