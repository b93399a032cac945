import type { DayNumber } from "@community-stats/contract/days.ts";
import { FactsUnreadableError } from "../../engine/errors.ts";
import { distinctRows } from "../../engine/event-identity.ts";
import { concatRows, eventDay, type DayOfRows, type EventRows } from "../../engine/event-rows.ts";
import type { EventDay } from "../../engine/facts.ts";
import { type DayEntry, dayId } from "./day-entry.ts";
import type { EventParts } from "./event-days.ts";

/** Days whose entries are read together. */
const ENTRIES_AT_ONCE = 32;
/** A day that is packed just while it is read is read again. */
const READ_TRIES = 5;

type ReadParts = (entry: DayEntry) => Promise<readonly EventRows[] | null>;

/** Reads whole days of events, one after the other. */
export class EventReading {
  readonly #parts: EventParts;
  readonly #index: string;
  readonly #readStored: ReadParts = ({ parts }) => this.#parts.read(parts);
  readonly #readKept: ReadParts = (entry) => this.#parts.readDay(entry);

  constructor(parts: EventParts, index: string) {
    this.#parts = parts;
    this.#index = index;
  }

  /** As far as possible out of what is kept on this machine. */
  async *scan(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    for await (const { day, rows } of this.#rowsOf(days, this.#readKept)) yield eventDay(day, rows);
  }

  rows(days: readonly DayNumber[]): AsyncGenerator<DayOfRows> {
    return this.#rowsOf(days, this.#readStored);
  }

  /** @param before the day as it was just now: what was packed since is looked for again. */
  async day(day: DayNumber, before: DayEntry | null, readParts = this.#readStored): Promise<EventRows | null> {
    let entry = before;
    for (let tries = 0; tries < READ_TRIES; tries++) {
      if (tries > 0) entry = await this.#parts.entryOf(day);
      if (entry === null) return null;
      const parts = await readParts(entry);
      if (parts !== null) return distinctRows(concatRows(parts));
    }
    throw new FactsUnreadableError(day, `${this.#index}/${dayId(day)}`, "a part that it names is missing");
  }

  async *#rowsOf(days: readonly DayNumber[], readParts: ReadParts): AsyncGenerator<DayOfRows> {
    for (let from = 0; from < days.length; from += ENTRIES_AT_ONCE) {
      const some = days.slice(from, from + ENTRIES_AT_ONCE);
      yield* this.#rowsOfEntries(some, await this.#parts.entriesOf(some), readParts);
    }
  }

  /** The next day is asked for while one is worked on. */
  async *#rowsOfEntries(
    days: readonly DayNumber[],
    entries: readonly (DayEntry | null)[],
    readParts: ReadParts,
  ): AsyncGenerator<DayOfRows> {
    const read = (at: number): Promise<EventRows | null> | undefined => {
      const day = days[at];
      const reading = day === undefined ? undefined : this.day(day, entries[at] ?? null, readParts);
      // Whoever awaits it meets its failure; who stops reading before that does not care.
      reading?.catch(() => undefined);
      return reading;
    };
    let reading = read(0);
    for (const [at, day] of days.entries()) {
      const rows = await reading;
      reading = read(at + 1);
      if (rows !== null && rows !== undefined && rows.count > 0) yield { day, rows };
    }
  }
}
