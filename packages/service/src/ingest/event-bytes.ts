import { PRESENCE_FIELDS } from "../engine/event-rank.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import { DOWNLOAD, HUMAN, MACHINE, ROBOT, VIEW } from "../engine/facts.ts";
import { ByteMemo } from "./byte-memo.ts";
import { parseJson, termOf } from "./document.ts";
import { emptyTerms, EVENT_TERM_KINDS, type EventColumns, type EventTerms } from "./event-columns.ts";
import { ABSENT, EventScanner, FALSE, FIELD, NULL, TEXT, TEXT_LIST, TRUE, WHOLE_NUMBER } from "./event-scanner.ts";
import { TimeBytes } from "./event-time-bytes.ts";
import { communitySetOf, hostIn, SLOT_MS } from "./events.ts";
import { hashAscii128 } from "./hash.ts";
import { usageKindOfIndex } from "./kinds.ts";

/** Longer texts are left to the slow reader, which knows what becomes of them. */
const LONGEST = 1000;
const NO_KIND = -1;
/** A value of which only the slow reader knows what it means. */
const ODD = -2;

/**
 * Reads the usual event lines from their bytes, several times as fast as by way of an object. A line that is unusual in any way is refused, and
 * `EventReader` takes it. For the lines that are taken here, both write the same columns.
 */
export class EventByteReader {
  readonly #scanner = new EventScanner();
  readonly #times = new TimeBytes();
  readonly #lanes = new Uint32Array(4);
  readonly #records: ByteMemo;
  readonly #parents: ByteMemo;
  readonly #countries: ByteMemo;
  readonly #referrers: ByteMemo;
  readonly #fileTypes: ByteMemo;
  readonly #communitySets: ByteMemo;
  readonly #indices = new ByteMemo(kindOfIndex);
  readonly #events = new ByteMemo(kindOfEvent);

  constructor(terms: EventTerms) {
    const coded = (kind: keyof EventTerms, text: string | null): number =>
      text === null ? NO_TERM : terms[kind].code(text);
    this.#records = new ByteMemo((text) => coded("record", text));
    this.#parents = new ByteMemo((text) => coded("parent", text));
    this.#countries = new ByteMemo((text) => coded("country", text));
    this.#referrers = new ByteMemo((text) => coded("referrer", hostIn(text)));
    this.#fileTypes = new ByteMemo((text) => coded("fileType", termOf(text.toLowerCase())));
    this.#communitySets = new ByteMemo((text) => {
      const set = communitySetOf(parseJson(text));
      return set === undefined ? ODD : coded("communitySet", set);
    });
  }

  /** Adds the event of the line that begins at `from`. Where the line ends, or -1 where it is refused. The bytes are valid UTF-8. */
  read(bytes: Uint8Array, from: number, into: EventColumns): number {
    return this.#scanner.scan(bytes, from) && this.#take(bytes, into) ? this.#scanner.lineEnd : -1;
  }

  #take(bytes: Uint8Array, into: EventColumns): boolean {
    const kind = this.#kind(bytes);
    if (kind === NO_KIND || !this.#usual(kind)) return false;
    const instant = this.#time(bytes, FIELD.timestamp);
    const updated = this.#updated(bytes);
    const communitySet = this.#communitySet(bytes);
    if (Number.isNaN(instant) || updated === ODD || communitySet === ODD) return false;
    this.#write(bytes, into, { kind, instant, updated, communitySet });
    return true;
  }

  #kind(bytes: Uint8Array): number {
    const { indexStart, indexEnd, state, start, end } = this.#scanner;
    const named = indexStart === -1 ? NO_KIND : this.#indices.number(bytes, indexStart, indexEnd);
    if (named !== NO_KIND) return named;
    if (state[FIELD.event] !== TEXT) return NO_KIND;
    return this.#events.number(bytes, start[FIELD.event] ?? 0, end[FIELD.event] ?? 0);
  }

  /** What an event needs is there, and nothing is of another type than it should be. */
  #usual(kind: number): boolean {
    if (!this.#filled(FIELD.recid) || !this.#filled(FIELD.visitor_id) || !this.#filled(FIELD.unique_id)) return false;
    const download = kind === DOWNLOAD;
    for (const field of OPTIONAL_TEXTS) if (!this.#isOneOf(field, TEXT) || this.#length(field) > LONGEST) return false;
    for (const field of FLAGS) if (!this.#isOneOf(field, TRUE, FALSE)) return false;
    if (!this.#isOneOf(FIELD.community_ids, TEXT_LIST)) return false;
    return !download || this.#isOneOf(FIELD.size, WHOLE_NUMBER);
  }

  #filled(field: number): boolean {
    return this.#scanner.state[field] === TEXT && this.#length(field) > 0 && this.#length(field) <= LONGEST;
  }

  #length(field: number): number {
    if (this.#scanner.state[field] !== TEXT) return 0;
    return (this.#scanner.end[field] ?? 0) - (this.#scanner.start[field] ?? 0);
  }

  #isOneOf(field: number, state: number, other = state): boolean {
    const found = this.#scanner.state[field] ?? ABSENT;
    return found === state || found === other || found === ABSENT || found === NULL;
  }

  #time(bytes: Uint8Array, field: number): number {
    if (this.#scanner.state[field] !== TEXT) return Number.NaN;
    return this.#times.read(bytes, this.#scanner.start[field] ?? 0, this.#scanner.end[field] ?? 0);
  }

  /** NaN where the line does not say. */
  #updated(bytes: Uint8Array): number {
    if (this.#length(FIELD.updated_timestamp) === 0) return Number.NaN;
    const updated = this.#time(bytes, FIELD.updated_timestamp);
    return Number.isNaN(updated) ? ODD : updated;
  }

  #communitySet(bytes: Uint8Array): number {
    const { state, start, end } = this.#scanner;
    if (state[FIELD.community_ids] !== TEXT_LIST) return NO_TERM;
    return this.#communitySets.number(bytes, start[FIELD.community_ids] ?? 0, end[FIELD.community_ids] ?? 0);
  }

  #write(bytes: Uint8Array, into: EventColumns, event: Measured): void {
    into.reserve();
    const { columns, count: at } = into;
    const { state } = this.#scanner;
    const download = event.kind === DOWNLOAD;
    this.#writeIdentity(bytes, into, event);
    if (download) this.#writeFile(bytes, into);
    columns.instant[at] = event.instant;
    columns.updated[at] = event.updated;
    columns.kind[at] = event.kind;
    columns.reader[at] = state[FIELD.is_robot] === TRUE ? ROBOT : state[FIELD.is_machine] === TRUE ? MACHINE : HUMAN;
    columns.viaApi[at] = state[FIELD.via_api] === TRUE ? 1 : 0;
    columns.record[at] = this.#code(this.#records, bytes, FIELD.recid);
    columns.parent[at] = this.#code(this.#parents, bytes, FIELD.parent_recid);
    columns.country[at] = this.#code(this.#countries, bytes, FIELD.country);
    columns.referrer[at] = this.#code(this.#referrers, bytes, FIELD.referrer);
    columns.fileType[at] = download ? this.#fileType(bytes) : NO_TERM;
    columns.communitySet[at] = event.communitySet;
    columns.bytes[at] = download ? this.#size(bytes) : 0;
    columns.presence[at] = presenceOf(state);
    columns.generated[at] = state[FIELD.synthetic] === TRUE ? 1 : 0;
    into.count = at + 1;
  }

  #code(memo: ByteMemo, bytes: Uint8Array, field: number): number {
    if (this.#length(field) === 0) return NO_TERM;
    return memo.number(bytes, this.#scanner.start[field] ?? 0, this.#scanner.end[field] ?? 0);
  }

  /** The chain of hashes that `EventReader` makes of the same texts. */
  #writeIdentity(bytes: Uint8Array, into: EventColumns, event: Measured): void {
    const { columns, count: at } = into;
    const lanes = this.#lanes.fill(0);
    hashAscii128(bytes, this.#range(FIELD.visitor_id), lanes);
    columns.visitor[2 * at] = lanes[0] ?? 0;
    columns.visitor[2 * at + 1] = lanes[1] ?? 0;
    const slot = Math.floor(event.instant / SLOT_MS);
    lanes[0] = (lanes[0] ?? 0) ^ event.kind;
    lanes[1] = (lanes[1] ?? 0) ^ slot;
    lanes[2] = (lanes[2] ?? 0) ^ Math.floor(slot / 0x1_0000_0000);
    hashAscii128(bytes, this.#range(FIELD.unique_id), lanes);
    for (let word = 0; word < 4; word++) columns.id[4 * at + word] = lanes[word] ?? 0;
  }

  #writeFile(bytes: Uint8Array, { columns, count: at }: EventColumns): void {
    const lanes = this.#lanes.fill(0);
    hashAscii128(bytes, this.#range(this.#length(FIELD.file_id) > 0 ? FIELD.file_id : FIELD.unique_id), lanes);
    columns.file[2 * at] = lanes[0] ?? 0;
    columns.file[2 * at + 1] = lanes[1] ?? 0;
  }

  #range(field: number): { from: number; to: number } {
    return { from: this.#scanner.start[field] ?? 0, to: this.#scanner.end[field] ?? 0 };
  }

  #fileType(bytes: Uint8Array): number {
    if (this.#length(FIELD.file_key) === 0) return NO_TERM;
    const { from, to } = this.#range(FIELD.file_key);
    for (let dot = to - 1; dot >= from; dot--) {
      if (bytes[dot] === 46) return dot + 1 === to ? NO_TERM : this.#fileTypes.number(bytes, dot + 1, to);
    }
    return NO_TERM;
  }

  #size(bytes: Uint8Array): number {
    if (this.#scanner.state[FIELD.size] !== WHOLE_NUMBER) return 0;
    const { from, to } = this.#range(FIELD.size);
    let size = 0;
    for (let at = from; at < to; at++) size = 10 * size + (bytes[at] ?? 0) - 48;
    return size;
  }
}

/** `packPresence` of the same line: these fields are the first of the scanner. */
function presenceOf(state: Uint8Array): number {
  let bits = 0;
  for (let field = 0; field < PRESENCE_FIELDS.length; field++) {
    const found = state[field] ?? ABSENT;
    bits |= (found === ABSENT ? 0 : found === NULL ? 1 : 2) << (2 * field);
  }
  return state[FIELD.is_machine] === TRUE ? bits | (3 << (2 * FIELD.is_machine)) : bits;
}

interface Measured {
  readonly kind: number;
  readonly instant: number;
  readonly updated: number;
  readonly communitySet: number;
}

const OPTIONAL_TEXTS = [
  FIELD.country,
  FIELD.referrer,
  FIELD.updated_timestamp,
  FIELD.parent_recid,
  FIELD.file_id,
  FIELD.file_key,
];
const FLAGS = [FIELD.is_robot, FIELD.is_machine, FIELD.via_api, FIELD.synthetic];

function kindOfIndex(index: string): number {
  const kind = usageKindOfIndex(index);
  return kind === null ? NO_KIND : kindOfEvent(kind);
}

function kindOfEvent(event: string): number {
  if (event === "record-view") return VIEW;
  return event === "file-download" ? DOWNLOAD : NO_KIND;
}

/** More texts than this are forgotten together. */
const MOST_TEXTS = 1_000_000;

/** What is remembered from block to block of event lines: their terms, and how to read them fast. */
export class EventMemory {
  readonly terms = emptyTerms();
  readonly bytes = new EventByteReader(this.terms);

  get isFull(): boolean {
    return EVENT_TERM_KINDS.reduce((sum, kind) => sum + this.terms[kind].texts.length, 0) > MOST_TEXTS;
  }
}
