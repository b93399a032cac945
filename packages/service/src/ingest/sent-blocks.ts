import type { EventBatch, EventTermKind } from "../engine/facts.ts";
import { EVENT_TERM_KINDS } from "./event-columns.ts";
import type { ParsedBlock } from "./parse-block.ts";

type Dictionaries = EventBatch["dictionaries"];

/** A parsed block on its way between threads. Dictionaries grow from block to block: only what is new of them is sent. */
export interface SentBlock {
  readonly parsed: ParsedBlock;
  /** The dictionaries begin anew with this block. */
  readonly anew: boolean;
}

/** The sending side. It remembers how much of which dictionaries was sent. */
export class SentDictionaries {
  #of: Dictionaries | undefined;
  #sent = new Map<EventTermKind, number>();

  shorten(parsed: ParsedBlock): SentBlock {
    const { events } = parsed.facts;
    if (events === undefined) return { parsed, anew: false };
    const anew = this.#of?.record !== events.dictionaries.record;
    if (anew) this.#sent = new Map();
    this.#of = events.dictionaries;
    const dictionaries = eachKind((kind) => this.#unsent(kind, events.dictionaries[kind]));
    return { parsed: { ...parsed, facts: { events: { ...events, dictionaries } } }, anew };
  }

  #unsent(kind: EventTermKind, texts: readonly string[]): readonly string[] {
    const fresh = texts.slice(this.#sent.get(kind) ?? 0);
    this.#sent.set(kind, texts.length);
    return fresh;
  }
}

/** The receiving side: the batches of one thread get the same growing dictionaries. */
export class ReceivedDictionaries {
  #texts = emptyDictionaries();

  complete({ parsed, anew }: SentBlock): ParsedBlock {
    const { events } = parsed.facts;
    if (events === undefined) return parsed;
    if (anew) this.#texts = emptyDictionaries();
    for (const kind of EVENT_TERM_KINDS) for (const text of events.dictionaries[kind]) this.#texts[kind].push(text);
    return { ...parsed, facts: { events: { ...events, dictionaries: this.#texts } } };
  }
}

function eachKind<Value>(valueOf: (kind: EventTermKind) => Value): Record<EventTermKind, Value> {
  return {
    record: valueOf("record"),
    parent: valueOf("parent"),
    country: valueOf("country"),
    referrer: valueOf("referrer"),
    fileType: valueOf("fileType"),
    communitySet: valueOf("communitySet"),
  };
}

function emptyDictionaries(): Record<EventTermKind, string[]> {
  return eachKind(() => []);
}
