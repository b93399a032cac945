import type Database from "better-sqlite3";
import type { DayNumber } from "@community-stats/contract/days.ts";
import {
  concatRows,
  createRows,
  EVENT_FIELDS,
  type EventColumn,
  type EventField,
  type EventRows,
  rowDay,
  WORDS,
} from "../../engine/event-rows.ts";

const ID_BYTES = 16;
/** For larger batches it is faster to read what waits of their days. */
const MOST_LOOKED_UP = 2_000;
const STORED_FIELDS = EVENT_FIELDS.filter((field) => field !== "id");

/** Where the words of each field stand in a stored row; the layout of every row on disk. */
interface Place {
  readonly field: EventField;
  readonly at: number;
}
const PLACES: readonly Place[] = placesOf(createRows(0));
const ROW_BYTES = STORED_FIELDS.reduce((sum, field) => sum + WORDS[field] * createRows(0)[field].BYTES_PER_ELEMENT, 0);

function placesOf(empty: EventRows): readonly Place[] {
  let at = 0;
  return STORED_FIELDS.map((field) => {
    const place = { field, at };
    at += WORDS[field] * empty[field].BYTES_PER_ELEMENT;
    return place;
  });
}

interface InboxRow {
  readonly id: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * Events of small batches, one row each, until there are enough of them for a Parquet file. An identity stands here or in a file, never in both,
 * and here once.
 */
export class Inbox {
  readonly #put: Database.Statement;
  readonly #find: Database.Statement;
  readonly #ofDay: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #days: Database.Statement;
  readonly #generated: Database.Statement;

  constructor(database: Database.Database) {
    this.#put = database.prepare(
      "INSERT OR REPLACE INTO inbox (id, day, arrived, generated, data) VALUES (?, ?, unixepoch('subsec') * 1000, ?, ?)",
    );
    this.#find = database.prepare("SELECT id, data FROM inbox WHERE id = ?");
    this.#ofDay = database.prepare("SELECT id, data FROM inbox WHERE day = ? ORDER BY id");
    this.#remove = database.prepare("DELETE FROM inbox WHERE day = ?");
    this.#generated = database.prepare("SELECT DISTINCT day FROM inbox WHERE generated = 1").pluck();
    this.#days = database.prepare(
      "SELECT day, count(*) AS count, (unixepoch('subsec') * 1000 - min(arrived)) AS ageMs FROM inbox GROUP BY day ORDER BY day",
    );
  }

  /** Part of the caller's transaction. A row of the same identity is replaced. */
  put(rows: EventRows, kept: Int32Array): void {
    for (const at of kept) this.#put.run(idOf(rows, at), rowDay(rows, at), rows.generated[at], pack(rows, at));
  }

  /** Stored rows, among them all with an identity of the batch. */
  meeting(rows: EventRows): EventRows {
    if (rows.count <= MOST_LOOKED_UP) return unpack(this.#lookedUp(rows));
    const days = new Set<DayNumber>();
    for (let at = 0; at < rows.count; at++) days.add(rowDay(rows, at));
    return concatRows(this.days().flatMap(({ day }) => (days.has(day) ? [this.rows(day)] : [])));
  }

  #lookedUp(rows: EventRows): readonly InboxRow[] {
    const found: InboxRow[] = [];
    for (let at = 0; at < rows.count; at++) {
      const row = this.#find.get(idOf(rows, at)) as InboxRow | undefined;
      if (row !== undefined) found.push(row);
    }
    return found;
  }

  rows(day: DayNumber): EventRows {
    return unpack(this.#ofDay.all(day) as InboxRow[]);
  }

  /** Part of the caller's transaction. */
  remove(day: DayNumber): void {
    this.#remove.run(day);
  }

  /** Days on which generated events wait. */
  generatedDays(): readonly DayNumber[] {
    return this.#generated.all() as DayNumber[];
  }

  /** What waits, by day. */
  days(): readonly WaitingDay[] {
    return this.#days.all() as WaitingDay[];
  }
}

export interface WaitingDay {
  readonly day: DayNumber;
  readonly count: number;
  /** Of the row that has been waiting longest. */
  readonly ageMs: number;
}

function idOf(rows: EventRows, at: number): Uint8Array {
  return new Uint8Array(rows.id.slice(4 * at, 4 * at + 4).buffer);
}

/** Numbers as the machine keeps them: little-endian wherever this runs. */
function pack(rows: EventRows, at: number): Uint8Array {
  const data = new Uint8Array(ROW_BYTES);
  for (const { field, at: place } of PLACES) data.set(bytesOf(rows[field], at, WORDS[field]), place);
  return data;
}

function unpack(stored: readonly InboxRow[]): EventRows {
  const rows = createRows(stored.length);
  const ids = bytesOf(rows.id, 0, rows.id.length);
  const targets = PLACES.map(({ field, at }) => ({
    target: bytesOf(rows[field], 0, rows[field].length),
    at,
    length: WORDS[field] * rows[field].BYTES_PER_ELEMENT,
  }));
  for (const [row, { id, data }] of stored.entries()) {
    ids.set(id, ID_BYTES * row);
    for (const { target, at, length } of targets) target.set(data.subarray(at, at + length), length * row);
  }
  return rows;
}

/** The bytes behind `words` numbers of a column from row `at` on. */
function bytesOf(column: EventColumn, at: number, words: number): Uint8Array {
  const { BYTES_PER_ELEMENT: size } = column;
  return new Uint8Array(column.buffer, column.byteOffset + at * words * size, words * size);
}
