import { isUtf8 } from "node:buffer";
import type { CommunityLine, DeletionLine, FactBatch, MembershipLine, RecordLine } from "../engine/facts.ts";
import { communityLine } from "./communities.ts";
import { isObject, type JsonObject, type LineResult, parseJson, writeJson } from "./document.ts";
import { type EventByteReader, EventMemory } from "./event-bytes.ts";
import { EventColumns } from "./event-columns.ts";
import { EventReader } from "./events.ts";
import { type IngestKind, isAccessLog, kindOf } from "./kinds.ts";
import { forEachLine, forEachLineStart, type LineBlock, linesOf } from "./line-blocks.ts";
import { membershipFacts } from "./memberships.ts";
import { recordLine } from "./records.ts";
import { type Tally, TallyBook } from "./report.ts";
import { documentsIn } from "./whole-document.ts";

/** How the lines of an input are taken. */
export interface Taking {
  readonly kind: IngestKind;
  /** Somebody said what the lines are: they are not asked. */
  readonly forced: boolean;
}

export interface RejectedLine {
  readonly line: number;
  readonly reason: string;
  /** The line as it was, or null where it is not kept. */
  readonly raw: Uint8Array | null;
}

/** What one block of lines came to; plain data that can be handed from thread to thread. Line numbers count from 1 within the block. */
export interface ParsedBlock {
  /** Blank ones included. */
  readonly lines: number;
  readonly facts: FactBatch;
  readonly read: number;
  readonly skipped: readonly Tally[];
  readonly warnings: readonly Tally[];
  readonly rejected: readonly RejectedLine[];
}

/** Fewer than real lines have: room for all events of a block, most often. */
const BYTES_PER_EVENT = 400;

/** Never throws because of what a line holds. `memory` serves the blocks that are parsed one after the other. */
export function parseBlock(block: LineBlock, taking: Taking, memory = new EventMemory()): ParsedBlock {
  const events = taking.kind === "events" ? Math.ceil(block.bytes.length / BYTES_PER_EVENT) : 0;
  const parser = new BlockParser(taking, new EventColumns(events, memory.terms));
  const lines =
    taking.kind === "events" && isUtf8(block.bytes)
      ? parser.eventLines(block, memory.bytes)
      : forEachLine(block, (text, number) => parser.line(text, number));
  return parser.result(block, lines);
}

interface Refusal {
  readonly line: number;
  readonly reason: string;
  /** Only where the line held several documents: the one. */
  readonly own: { readonly document: unknown } | null;
}

class BlockParser {
  readonly #taking: Taking;
  readonly #events: EventColumns;
  readonly #eventReader: EventReader;
  readonly #records: RecordLine[] = [];
  readonly #communities: CommunityLine[] = [];
  readonly #memberships: MembershipLine[] = [];
  readonly #deletions: DeletionLine[] = [];
  readonly #skipped = new TallyBook();
  readonly #warnings = new TallyBook();
  readonly #refusals: Refusal[] = [];
  #read = 0;

  constructor(taking: Taking, events: EventColumns) {
    this.#taking = taking;
    this.#events = events;
    this.#eventReader = new EventReader(events);
  }

  /** The number of lines. Only what the fast reader refuses becomes a text. */
  eventLines(block: LineBlock, reader: EventByteReader): number {
    const take = (from: number): number => {
      const end = reader.read(block.bytes, from, this.#events);
      if (end !== -1) this.#read++;
      return end;
    };
    return forEachLineStart(block, take, (text, number) => this.line(text, number));
  }

  line(text: string | null, line: number): void {
    const value = text === null ? undefined : parseJson(text);
    if (isObject(value) && value["hits"] === undefined) this.#document(value, line, false);
    else if (isObject(value) || Array.isArray(value)) this.#several(value, line);
    else {
      this.#read++;
      this.#refusals.push({ line, reason: reasonOfText(text, value), own: null });
    }
  }

  /** A search answer or a list on one line. */
  #several(value: unknown, line: number): void {
    for (const document of documentsIn(value)) {
      if (isObject(document)) this.#document(document, line, document !== value);
      else {
        this.#read++;
        this.#refusals.push({ line, reason: "is no JSON object", own: { document } });
      }
    }
  }

  #document(document: JsonObject, line: number, oneOfSeveral: boolean): void {
    this.#read++;
    const { kind, forced } = this.#taking;
    const reason = this.#reasonOfKind(document) ?? this.#take(document, line);
    if (reason === null) return;
    const other = forced ? null : kindOf(document);
    const stated = other === null || other === kind ? reason : `is of another kind: ${other}`;
    this.#refusals.push({ line, reason: stated, own: oneOfSeveral ? { document } : null });
  }

  /** Events are so unlike all else that they need no asking first. */
  #reasonOfKind(document: JsonObject): string | null {
    const { kind, forced } = this.#taking;
    if (forced || kind === "events") return null;
    return kindOf(document) === kind ? null : `is not of the kind ${kind}`;
  }

  /** Adds the fact of a document, or returns the reason why there is none. */
  #take(document: JsonObject, line: number): string | null {
    switch (this.#taking.kind) {
      case "events":
        return this.#eventReader.read(document);
      case "records":
        return this.#keep(recordLine(document), line, (fact) => this.#records.push(fact));
      case "communities":
        return this.#keep(communityLine(document), line, (fact) => this.#communities.push(fact));
      case "memberships":
        return this.#keep(membershipFacts(document), line, ({ membership, deletion }) => {
          if (membership !== null) this.#memberships.push(membership);
          if (deletion !== null) this.#deletions.push(deletion);
        });
      default:
        return this.#taking.kind satisfies never;
    }
  }

  #keep<Fact>(result: LineResult<Fact>, line: number, add: (fact: Fact) => void): string | null {
    switch (result.kind) {
      case "fact":
        add(result.fact);
        for (const warning of result.warnings ?? []) this.#warnings.add(warning, line);
        return null;
      case "skip":
        this.#skipped.add(result.reason, line);
        return null;
      case "reject":
        return result.reason;
      default:
        return result satisfies never;
    }
  }

  result(block: LineBlock, lines: number): ParsedBlock {
    return {
      lines,
      facts: this.#facts(),
      read: this.#read,
      skipped: this.#skipped.tallies(),
      warnings: this.#warnings.tallies(),
      rejected: withRawLines(block, this.#refusals),
    };
  }

  #facts(): FactBatch {
    switch (this.#taking.kind) {
      case "events":
        return { events: this.#events.batch() };
      case "records":
        return { records: this.#records };
      case "communities":
        return { communities: this.#communities };
      case "memberships":
        return { memberships: this.#memberships, deletions: this.#deletions };
      default:
        return this.#taking.kind satisfies never;
    }
  }
}

function reasonOfText(text: string | null, value: unknown): string {
  if (text === null) return "is no UTF-8";
  if (value !== undefined) return "is no JSON object";
  return isAccessLog(text) ? "is of another kind: access-log" : "is no JSON";
}

/** Rejects are few, so their bytes are looked up only now. */
function withRawLines(block: LineBlock, refusals: readonly Refusal[]): readonly RejectedLine[] {
  if (refusals.length === 0) return [];
  const wanted = new Set(refusals.map(({ line }) => line));
  const raw = new Map<number, Uint8Array>();
  for (const { number, bytes } of linesOf(block)) if (wanted.has(number)) raw.set(number, bytes);
  return refusals.map(({ line, reason, own }) => {
    const bytes = own === null ? (raw.get(line) ?? null) : encode(writeJson(own.document));
    return { line, reason, raw: bytes === null ? null : withoutPersonalData(bytes) };
  });
}

const PERSONAL = ["ip_address", "user_agent", "user_id", "session_id"];
const NAMES_PERSON = /"(?:ip_address|user_agent|user_id|session_id)"/;

/** Nothing that tells who a visitor was is written anywhere, not even beside a line that was refused. */
function withoutPersonalData(raw: Uint8Array): Uint8Array | null {
  const text = new TextDecoder().decode(raw);
  if (isAccessLog(text)) return null;
  if (!NAMES_PERSON.test(text)) return raw.slice();
  const value = parseJson(text);
  if (!isObject(value)) return null;
  return encode(writeJson(value, (name, field) => (PERSONAL.includes(name) ? undefined : field)));
}

function encode(text: string | null): Uint8Array | null {
  return text === null ? null : new TextEncoder().encode(text);
}
