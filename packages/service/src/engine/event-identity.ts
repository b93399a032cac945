import { compareRank, type RankedEvent } from "./event-rank.ts";
import { EVENT_FIELDS, gatherRows, WORDS, type EventRows } from "./event-rows.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import type { AppendCount, EventTermKind } from "./facts.ts";

/** The text of a store-wide term code. */
export type TermText = (kind: EventTermKind, code: number) => string;

/** Finds rows by their 128-bit identity: open addressing, one slot per row, at most half full. */
export class IdIndex {
  readonly #ids: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(ids: Uint32Array) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(8, ids.length / 2)));
    this.#ids = ids;
    this.#slots = new Int32Array(capacity).fill(-1);
    this.#mask = capacity - 1;
  }

  /** The row of the same identity that was added before, or -1 after adding this one. */
  add(row: number): number {
    const slot = this.#slotOf(this.#ids, row);
    const known = this.#slots[slot] ?? -1;
    if (known === -1) this.#slots[slot] = row;
    return known;
  }

  /** Lets this row stand for its identity from now on. */
  replace(row: number): void {
    this.#slots[this.#slotOf(this.#ids, row)] = row;
  }

  /** The row added under the identity of row `at` of another column, or -1. */
  find(ids: Uint32Array, at: number): number {
    return this.#slots[this.#slotOf(ids, at)] ?? -1;
  }

  #slotOf(ids: Uint32Array, at: number): number {
    let slot = mix(ids, at * 4) & this.#mask;
    for (;;) {
      const row = this.#slots[slot] ?? -1;
      if (row === -1 || sameId(ids, at * 4, { ids: this.#ids, from: row * 4 })) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function mix(ids: Uint32Array, from: number): number {
  let hash = (ids[from] ?? 0) ^ Math.imul(ids[from + 1] ?? 0, 0x9e3779b1);
  hash ^= Math.imul(ids[from + 2] ?? 0, 0x85ebca6b) ^ Math.imul(ids[from + 3] ?? 0, 0xc2b2ae35);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 3;
}

function sameId(ids: Uint32Array, from: number, other: { ids: Uint32Array; from: number }): boolean {
  for (let word = 0; word < 4; word++) if (ids[from + word] !== other.ids[other.from + word]) return false;
  return true;
}

const LOSER = 0;
const NEW = 1;
const SUPERSEDING = 2;

/** Settles which rows of a batch are new: among themselves, then against the stored rows that `meet` is shown. */
export class BatchIdentity {
  readonly #rows: EventRows;
  readonly #text: TermText;
  readonly #index: IdIndex;
  readonly #fate: Uint8Array;
  /** Most batches replace nothing: then nobody need count. */
  #supersedes = false;

  constructor(rows: EventRows, text: TermText) {
    this.#rows = rows;
    this.#text = text;
    this.#index = new IdIndex(rows.id);
    this.#fate = new Uint8Array(rows.count).fill(NEW);
    for (let row = 0; row < rows.count; row++) this.#addRow(row);
  }

  #addRow(row: number): void {
    const rival = this.#index.add(row);
    if (rival === -1) return;
    const wins = compareRows({ rows: this.#rows, at: row }, { rows: this.#rows, at: rival }, this.#text) > 0;
    this.#fate[wins ? rival : row] = LOSER;
    if (wins) this.#index.replace(row);
  }

  /** True when any of these stored identities is in the batch: then its part must be shown to `meet`. */
  touches(ids: Uint32Array): boolean {
    for (let at = 0; at < ids.length / 4; at++) if (this.#index.find(ids, at) !== -1) return true;
    return false;
  }

  meet(stored: EventRows): void {
    for (let at = 0; at < stored.count; at++) {
      const row = this.#index.find(stored.id, at);
      if (row === -1 || this.#fate[row] === LOSER) continue;
      const wins = compareRows({ rows: this.#rows, at: row }, { rows: stored, at }, this.#text) > 0;
      this.#fate[row] = wins ? SUPERSEDING : LOSER;
      if (wins) this.#supersedes = true;
    }
  }

  /** The rows to write, ascending. */
  kept(): Int32Array {
    const kept = new Int32Array(this.#rows.count);
    let length = 0;
    for (let row = 0; row < kept.length; row++) if (this.#fate[row] !== LOSER) kept[length++] = row;
    return kept.subarray(0, length);
  }

  isSuperseding(row: number): boolean {
    return this.#fate[row] === SUPERSEDING;
  }

  /** How many of these rows replace a stored one. */
  superseding(rows: Int32Array): number {
    if (!this.#supersedes) return 0;
    let count = 0;
    for (const row of rows) if (this.#fate[row] === SUPERSEDING) count++;
    return count;
  }

  count(kept = this.kept()): AppendCount {
    const superseded = this.superseding(kept);
    return { accepted: kept.length - superseded, known: this.#rows.count - kept.length, superseded };
  }
}

/**
 * The winner of every identity among the parts of a day, oldest part first. A row is stored after a rival only when it
 * outranks it, and a part holds an identity once: so the newest part that has an identity holds its winner.
 */
export function distinctRows(all: EventRows): EventRows {
  const index = new IdIndex(all.id);
  const kept: number[] = [];
  for (let row = all.count - 1; row >= 0; row--) if (index.add(row) === -1) kept.push(row);
  return gatherRows(all, Int32Array.from(kept.toReversed()));
}

interface RowAt {
  readonly rows: EventRows;
  readonly at: number;
}

function compareRows(a: RowAt, b: RowAt, text: TermText): number {
  return sameRow(a, b) ? 0 : compareRank(rankedEvent(a, text), rankedEvent(b, text));
}

function sameRow(a: RowAt, b: RowAt): boolean {
  for (const field of EVENT_FIELDS) {
    const words = WORDS[field];
    for (let word = 0; word < words; word++) {
      const left = a.rows[field][a.at * words + word];
      if (!Object.is(left, b.rows[field][b.at * words + word])) return false;
    }
  }
  return true;
}

function rankedEvent({ rows, at }: RowAt, text: TermText): RankedEvent {
  const term = (kind: EventTermKind): string | null => {
    const code = rows[kind][at] ?? NO_TERM;
    return code === NO_TERM ? null : text(kind, code);
  };
  return {
    instant: rows.instant[at] ?? 0,
    updated: rows.updated[at] ?? Number.NaN,
    communitySet: term("communitySet"),
    country: term("country"),
    file: [rows.file[2 * at] ?? 0, rows.file[2 * at + 1] ?? 0],
    fileType: term("fileType"),
    reader: rows.reader[at] ?? 0,
    parent: term("parent"),
    record: term("record"),
    referrer: term("referrer"),
    bytes: rows.bytes[at] ?? 0,
    viaApi: rows.viaApi[at] ?? 0,
    presence: rows.presence[at] ?? 0,
  };
}
