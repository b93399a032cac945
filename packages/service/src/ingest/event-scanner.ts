import { PRESENCE_FIELDS } from "../engine/event-rank.ts";

/**
 * Finds the fields of an event in the bytes of its line, without making an object of it. It takes a part of JSON only: an object of texts
 * without escapes, whole numbers, literals and one list of texts, perhaps within `_source`. Whatever else a line holds, the answer is "not
 * mine", and `JSON.parse` decides. What it takes, it takes exactly as `JSON.parse` would.
 */

/** The fields that an event is made of; the place of a name is the number of its field. */
const EVENT_FIELD_NAMES = [
  ...PRESENCE_FIELDS,
  "timestamp",
  "updated_timestamp",
  "recid",
  "parent_recid",
  "visitor_id",
  "unique_id",
  "file_id",
  "file_key",
  "event",
  "synthetic",
] as const;
export type EventFieldName = (typeof EVENT_FIELD_NAMES)[number];

export const FIELD: Readonly<Record<EventFieldName, number>> = Object.fromEntries(
  EVENT_FIELD_NAMES.map((name, index) => [name, index]),
) as Record<EventFieldName, number>;

/** What stands in a field. */
export const ABSENT = 0;
export const NULL = 1;
export const TRUE = 2;
export const FALSE = 3;
export const TEXT = 4;
export const WHOLE_NUMBER = 5;
export const TEXT_LIST = 6;
/** A text that holds more than ASCII: good enough for a field that nobody reads. */
const FOREIGN_TEXT = 7;
const NOT_MINE = -1;

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const ZERO = 48;
const NINE = 57;
/** More digits would not be exact. */
const MOST_DIGITS = 15;

const ENCODER = new TextEncoder();
const NAMES = EVENT_FIELD_NAMES.map((name) => ENCODER.encode(name));
const SOURCE = ENCODER.encode("_source");
const INDEX = ENCODER.encode("_index");
/** At the top of a line it stands for a search answer. */
const HITS = ENCODER.encode("hits");
/** The four bytes of "null", "true" and "fals" as one word. */
const NULL_WORD = 0x6c6c756e;
const TRUE_WORD = 0x65757274;
const FALS_WORD = 0x736c6166;
const LAST_OF_FALSE = 101;

/** Names of the first line that are remembered. */
const MOST_NAMES = 64;
const UNKNOWN = -1;
const OF_INDEX = -2;
const OF_SOURCE = -3;
const REFUSED = -4;

export class EventScanner {
  /** By field: what stands in it. */
  readonly state = new Uint8Array(NAMES.length);
  /** By field: where its text, digits or list begin and end (exclusive). Quotes do not belong to a text; brackets do to a list. */
  readonly start = new Int32Array(NAMES.length);
  readonly end = new Int32Array(NAMES.length);
  /** The text of `_index`; from -1 where the line is a plain document. */
  indexStart = -1;
  indexEnd = -1;
  /** Where the line feed stands, or the end of the bytes. */
  lineEnd = -1;

  #bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, to look at four at a time. */
  #words: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #to = 0;
  #valueStart = 0;
  #valueEnd = 0;
  #sourceSeen = false;
  #known = 0;
  /** Lines of one file name their fields in one order: the n-th name of the first line, up to its value, is tried before all others. */
  readonly #expected: DataView[] = [];
  readonly #expectedField: number[] = [];
  #names = 0;

  /**
   * Reads the line that begins at `from`. True where it is understood: what its fields hold is told by `state`, `start` and `end`, and where it is
   * over by `lineEnd`. A line feed ends it, since no text that is taken here can hold one.
   */
  scan(bytes: Uint8Array, from: number): boolean {
    if (this.#bytes !== bytes) this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bytes = bytes;
    this.#at = from;
    this.#to = bytes.length;
    this.indexStart = -1;
    this.#sourceSeen = false;
    this.#names = 0;
    this.#known = 0;
    this.state.fill(ABSENT);
    this.#blanks();
    if (!this.#object(true)) return false;
    this.#blanks();
    if (bytes[this.#at] === CARRIAGE_RETURN) this.#at++;
    this.lineEnd = this.#at;
    const over = this.#at === bytes.length || bytes[this.#at] === LINE_FEED;
    return over && (this.indexStart !== -1) === this.#sourceSeen;
  }

  #blanks(): void {
    while (this.#bytes[this.#at] === SPACE || this.#bytes[this.#at] === TAB) this.#at++;
  }

  /** Takes this byte and the blanks after it. */
  #takes(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    this.#blanks();
    return true;
  }

  #object(top: boolean): boolean {
    if (!this.#takes(OPEN)) return false;
    do {
      const field = this.#name(top);
      // Beside `_source` nothing may stand that could be taken for the event's own.
      if (field === REFUSED || (top ? this.#sourceSeen && field >= 0 : field < UNKNOWN)) return false;
      if (!this.#field(field)) return false;
      if (this.#bytes[this.#at] !== COMMA) this.#blanks();
    } while (this.#takes(COMMA));
    if (this.#bytes[this.#at] !== CLOSE || this.#at >= this.#to) return false;
    this.#at++;
    return true;
  }

  /** Goes on to the value of the next field. */
  #name(top: boolean): number {
    if (this.#bytes[this.#at] !== QUOTE) return REFUSED;
    const place = this.#names++;
    const expected = this.#expected[place];
    if (expected !== undefined && this.#continues(expected)) {
      this.#at += expected.byteLength;
      return this.#expectedField[place] ?? REFUSED;
    }
    const from = this.#at;
    if (this.#text() !== TEXT) return REFUSED;
    this.#blanks();
    const field = this.#fieldNamed(top);
    if (field === REFUSED || !this.#takes(COLON)) return REFUSED;
    if (expected === undefined && place < MOST_NAMES) {
      this.#expected[place] = new DataView(this.#bytes.slice(from, this.#at).buffer);
      this.#expectedField[place] = field;
    }
    return field;
  }

  /** The bytes from here on are these. */
  #continues(expected: DataView): boolean {
    const words = this.#words;
    const at = this.#at;
    const length = expected.byteLength;
    if (at + length > this.#to) return false;
    let index = 0;
    for (; index + 4 <= length; index += 4) {
      if (words.getInt32(at + index, true) !== expected.getInt32(index, true)) return false;
    }
    for (; index < length; index++) if (words.getUint8(at + index) !== expected.getUint8(index)) return false;
    return true;
  }

  #fieldNamed(top: boolean): number {
    if (top && this.#nameIs(INDEX)) return OF_INDEX;
    if (top && this.#nameIs(SOURCE)) return OF_SOURCE;
    if (this.#nameIs(HITS) || this.#nameIs(SOURCE) || this.#nameIs(INDEX)) return REFUSED;
    return NAMES.findIndex((name) => this.#nameIs(name));
  }

  /** `findIndex` gives `UNKNOWN` for a name that is none of ours. */
  #nameIs(name: Uint8Array): boolean {
    return this.#valueEnd - this.#valueStart === name.length && this.#startsWith(this.#valueStart, name);
  }

  #startsWith(at: number, text: Uint8Array): boolean {
    const bytes = this.#bytes;
    const { length } = text;
    if (at + length > this.#to) return false;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== text[index]) return false;
    return true;
  }

  #field(field: number): boolean {
    if (field === OF_SOURCE) return this.#source();
    const state = this.#value(field === FIELD.community_ids);
    if (field === UNKNOWN) return state !== NOT_MINE;
    if (state === NOT_MINE || state === FOREIGN_TEXT) return false;
    if (field === OF_INDEX) return this.#index(state);
    if (this.state[field] !== ABSENT) return false;
    this.#known++;
    this.state[field] = state;
    this.start[field] = this.#valueStart;
    this.end[field] = this.#valueEnd;
    return true;
  }

  #index(state: number): boolean {
    if (state !== TEXT || this.indexStart !== -1) return false;
    this.indexStart = this.#valueStart;
    this.indexEnd = this.#valueEnd;
    return true;
  }

  /** Fields beside `_source` would be those of another document: such a line is not understood. */
  #source(): boolean {
    if (this.#sourceSeen || this.#known > 0) return false;
    this.#sourceSeen = true;
    return this.#object(false);
  }

  #value(list: boolean): number {
    const byte = this.#bytes[this.#at] ?? 0;
    if (byte === QUOTE) return this.#text();
    if (byte >= ZERO && byte <= NINE) return this.#digits();
    if (byte === OPEN_LIST) return list ? this.#texts() : NOT_MINE;
    return this.#literal();
  }

  #text(): number {
    const bytes = this.#bytes;
    this.#valueStart = this.#at + 1;
    let at = this.#plainEnd(this.#valueStart);
    let foreign = 0;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte < 32 || byte === BACKSLASH) return NOT_MINE;
      foreign |= byte;
      at++;
    }
    this.#valueEnd = at;
    this.#at = at + 1;
    if (this.#at > this.#to) return NOT_MINE;
    return foreign < 128 ? TEXT : FOREIGN_TEXT;
  }

  /** Goes on by four bytes as long as none of them is a quote, a backslash, a control character or beyond ASCII. */
  #plainEnd(from: number): number {
    const words = this.#words;
    const last = this.#to - 4;
    let at = from;
    for (; at <= last; at += 4) {
      const word = words.getInt32(at, true);
      if ((anyZero(word ^ QUOTES) | anyZero(word ^ BACKSLASHES) | anyBelowSpace(word) | word) & TOP_BITS) break;
    }
    return at;
  }

  #digits(): number {
    const start = this.#at;
    let at = start;
    while (isDigit(this.#bytes[at])) at++;
    const byte = this.#bytes[at] ?? 0;
    const ends = byte === COMMA || byte === CLOSE || byte === SPACE || byte === TAB;
    const leadingZero = this.#bytes[start] === ZERO && at - start > 1;
    if (!ends || leadingZero || at - start > MOST_DIGITS) return NOT_MINE;
    this.#valueStart = start;
    this.#valueEnd = at;
    this.#at = at;
    return WHOLE_NUMBER;
  }

  #literal(): number {
    const at = this.#at;
    if (at + 5 > this.#to) return NOT_MINE;
    const word = this.#words.getInt32(at, true);
    if (word === NULL_WORD || word === TRUE_WORD) {
      this.#at = at + 4;
      return word === NULL_WORD ? NULL : TRUE;
    }
    if (word !== FALS_WORD || this.#bytes[at + 4] !== LAST_OF_FALSE) return NOT_MINE;
    this.#at = at + 5;
    return FALSE;
  }

  #texts(): number {
    const start = this.#at;
    if (!this.#takes(OPEN_LIST)) return NOT_MINE;
    if (this.#bytes[this.#at] !== CLOSE_LIST) {
      do {
        if (this.#bytes[this.#at] !== QUOTE || this.#text() !== TEXT) return NOT_MINE;
        this.#blanks();
      } while (this.#takes(COMMA));
    }
    if (this.#bytes[this.#at] !== CLOSE_LIST) return NOT_MINE;
    this.#at++;
    this.#valueStart = start;
    this.#valueEnd = this.#at;
    return TEXT_LIST;
  }
}

/** Of four bytes in a word; the top bit of a byte that is what is asked for is set, and where no top bit is set, none is. */
const TOP_BITS = 0x80808080 | 0;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

function anyZero(word: number): number {
  return (word - 0x01010101) & ~word;
}

function anyBelowSpace(word: number): number {
  return (word - 0x20202020) & ~word;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
