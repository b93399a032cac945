import { packPresence } from "../engine/event-rank.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import { DOWNLOAD, HUMAN, MACHINE, ROBOT, VIEW } from "../engine/facts.ts";
import { isAbsent, type JsonObject, termOf } from "./document.ts";
import type { EventColumns, TermList } from "./event-columns.ts";
import { TimeReader } from "./event-time.ts";
import { hash128 } from "./hash.ts";
import { type UsageKind, unwrap, usageKindOfIndex } from "./kinds.ts";
import { referrerHost } from "./referrer.ts";

/** Repeats of one visitor on one item within such a slot are one event (T9.1 decision 10). */
export const SLOT_MS = 10_000;

/** What a line must have before anything of it is written down. */
interface Essentials {
  readonly kind: UsageKind;
  readonly instant: number;
  readonly updated: number;
  readonly record: string;
  readonly visitor: string;
  readonly unique: string;
  readonly bytes: number;
  /** JSON text, or null where the source recorded none. */
  readonly communitySet: string | null;
}

/** Reads usage events of invenio-stats into columns. Addresses, agents, sessions and the rest of the referrer are never copied. */
export class EventReader {
  readonly #columns: EventColumns;
  readonly #times = new TimeReader();
  readonly #lanes = new Uint32Array(4);
  /** By record: the parent last named. */
  readonly #parents: { readonly text: string | null; readonly code: number }[] = [];

  constructor(columns: EventColumns) {
    this.#columns = columns;
  }

  /** Adds the event of a line, or returns the reason why it is none. */
  read(value: JsonObject): string | null {
    const { document, index } = unwrap(value);
    const kind = (index === null ? null : usageKindOfIndex(index)) ?? usageKindOf(document);
    if (kind === null) return 'neither "event" nor "_index" says record-view or file-download';
    const essentials = this.#essentials(document, kind);
    if (typeof essentials === "string") return essentials;
    const problem = flagProblem(document);
    if (problem !== null) return problem;
    this.#write(document, essentials);
    return null;
  }

  #essentials(document: JsonObject, kind: UsageKind): Essentials | string {
    const { timestamp, updated_timestamp: updatedText } = document;
    const instant = typeof timestamp === "string" ? this.#times.read(timestamp) : Number.NaN;
    if (Number.isNaN(instant)) return "timestamp is no time";
    const updated = this.#updated(updatedText);
    if (updated === null) return "updated_timestamp is no time";
    const record = termOf(document["recid"]);
    if (record === null) return "no recid";
    const visitor = termOf(document["visitor_id"]);
    if (visitor === null) return "no visitor_id";
    const unique = uniqueIdOf(document, kind, record);
    if (unique === null) return "neither unique_id nor file_id";
    const bytes = kind === "record-view" ? 0 : sizeOf(document);
    if (bytes === null) return "size is no number of bytes";
    const communitySet = communitySetOf(document["community_ids"]);
    if (communitySet === undefined) return "community_ids is no list of ids";
    return { kind, instant, updated, record, visitor, unique, bytes, communitySet };
  }

  /** NaN where the line does not say; null where what it says is no time. */
  #updated(text: unknown): number | null {
    if (isAbsent(text)) return Number.NaN;
    const updated = typeof text === "string" ? this.#times.read(text) : Number.NaN;
    return Number.isNaN(updated) ? null : updated;
  }

  #write(document: JsonObject, event: Essentials): void {
    this.#columns.reserve();
    const { columns, terms, count: at } = this.#columns;
    const download = event.kind === "file-download";
    this.#writeIdentity(at, event, download ? DOWNLOAD : VIEW);
    if (download) this.#writeFile(at, termOf(document["file_id"]) ?? event.unique);
    columns.instant[at] = event.instant;
    columns.updated[at] = event.updated;
    columns.kind[at] = download ? DOWNLOAD : VIEW;
    columns.reader[at] = readerOf(document);
    columns.viaApi[at] = document["via_api"] === true ? 1 : 0;
    const record = terms.record.code(event.record);
    columns.record[at] = record;
    columns.parent[at] = this.#parentCode(record, termOf(document["parent_recid"]));
    columns.country[at] = codeOf(terms.country, termOf(document["country"]));
    columns.referrer[at] = codeOf(terms.referrer, hostIn(document["referrer"]));
    columns.fileType[at] = codeOf(terms.fileType, download ? fileTypeOf(document["file_key"]) : null);
    columns.communitySet[at] = codeOf(terms.communitySet, event.communitySet);
    columns.bytes[at] = event.bytes;
    columns.presence[at] = packPresence(document);
    columns.generated[at] = document["synthetic"] === true ? 1 : 0;
    this.#columns.count = at + 1;
  }

  /** A record nearly always names the parent that it named before: comparing two texts is cheaper than looking one up. */
  #parentCode(record: number, parent: string | null): number {
    const before = this.#parents[record];
    if (before !== undefined && before.text === parent) return before.code;
    const code = codeOf(this.#columns.terms.parent, parent);
    this.#parents[record] = { text: parent, code };
    return code;
  }

  /** The visitor's 128-bit hash gives two words to count visitors by; all four, with kind and slot, seed the hash of the item. */
  #writeIdentity(at: number, event: Essentials, kind: number): void {
    const lanes = this.#lanes.fill(0);
    const { id, visitor } = this.#columns.columns;
    hash128(event.visitor, lanes);
    visitor[2 * at] = lanes[0] ?? 0;
    visitor[2 * at + 1] = lanes[1] ?? 0;
    const slot = Math.floor(event.instant / SLOT_MS);
    lanes[0] = (lanes[0] ?? 0) ^ kind;
    lanes[1] = (lanes[1] ?? 0) ^ slot;
    lanes[2] = (lanes[2] ?? 0) ^ Math.floor(slot / 0x1_0000_0000);
    hash128(event.unique, lanes);
    id.set(lanes, 4 * at);
  }

  #writeFile(at: number, file: string): void {
    const lanes = this.#lanes.fill(0);
    hash128(file, lanes);
    this.#columns.columns.file[2 * at] = lanes[0] ?? 0;
    this.#columns.columns.file[2 * at + 1] = lanes[1] ?? 0;
  }
}

function usageKindOf(document: JsonObject): UsageKind | null {
  const { event } = document;
  return event === "record-view" || event === "file-download" ? event : null;
}

/** As InvenioRDM builds it, where a line has none. */
function uniqueIdOf(document: JsonObject, kind: UsageKind, record: string): string | null {
  const given = termOf(document["unique_id"]);
  if (given !== null) return given;
  if (kind === "record-view") return `${document["via_api"] === true ? "api" : "ui"}_${record}`;
  const file = termOf(document["file_id"]);
  return file === null ? null : `${termOf(document["bucket_id"]) ?? ""}_${file}`;
}

function sizeOf({ size }: JsonObject): number | null {
  if (isAbsent(size)) return 0;
  return typeof size === "number" && size >= 0 && size <= Number.MAX_SAFE_INTEGER ? size : null;
}

/** JSON text of the ids in the order given, null where nothing was recorded, undefined for what is no list. One id may stand alone. */
export function communitySetOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  const known: string[] = [];
  for (const entry of ids) {
    const id = termOf(entry);
    if (id === null) return undefined;
    if (id !== "global") known.push(id);
  }
  return JSON.stringify(known);
}

const FLAGS = ["is_robot", "is_machine", "via_api"] as const;

/** A flag of an unknown kind would be counted as a person: rather no event than a wrong one. */
function flagProblem(document: JsonObject): string | null {
  for (const name of FLAGS) {
    const flag = document[name];
    if (typeof flag !== "boolean" && flag !== undefined && flag !== null) return `${name} is neither true nor false`;
  }
  return null;
}

function readerOf(document: JsonObject): number {
  if (document["is_robot"] === true) return ROBOT;
  return document["is_machine"] === true ? MACHINE : HUMAN;
}

export function hostIn(referrer: unknown): string | null {
  return typeof referrer === "string" && referrer !== "" ? referrerHost(referrer) : null;
}

/** T9.1 decision 13. */
function fileTypeOf(key: unknown): string | null {
  if (typeof key !== "string") return null;
  const dot = key.lastIndexOf(".");
  return dot === -1 ? null : termOf(key.slice(dot + 1).toLowerCase());
}

function codeOf(terms: TermList, text: string | null): number {
  return text === null ? NO_TERM : terms.code(text);
}
