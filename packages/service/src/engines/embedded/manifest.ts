import type Database from "better-sqlite3";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { EventDayInfo } from "../../engine/facts.ts";
import type { EventFile, WrittenFile } from "./event-file.ts";

/** Milliseconds of the day. */
export interface TimeRange {
  readonly first: number;
  readonly last: number;
}
export interface ListedFile extends EventFile {
  /** Of its events; null for a file that was written before ranges were kept. */
  readonly range: TimeRange | null;
}
interface FileRow extends EventFile {
  readonly first: number | null;
  readonly last: number | null;
}

/** Which files of events there are, and how many events each day has. A file that is not listed does not exist. */
export class Manifest {
  readonly #database: Database.Database;
  readonly #ofDay: Database.Statement;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#ofDay = database.prepare(
      "SELECT path, day, rows, bytes, first, last FROM manifest LEFT JOIN file_range USING (path) WHERE day = ? ORDER BY path",
    );
  }

  files(day: DayNumber): readonly ListedFile[] {
    return (this.#ofDay.all(day) as FileRow[]).map(({ first, last, ...file }) => ({
      ...file,
      range: first === null || last === null ? null : { first, last },
    }));
  }

  allFiles(): readonly EventFile[] {
    return this.#database.prepare("SELECT path, day, rows, bytes FROM manifest ORDER BY path").all() as EventFile[];
  }

  /** Days with files that hold generated events. */
  generatedDays(): readonly DayNumber[] {
    return this.#database.prepare("SELECT DISTINCT day FROM manifest WHERE generated = 1").pluck().all() as DayNumber[];
  }

  /** Files that were packed away and may still be read. */
  retired(): readonly string[] {
    return this.#database.prepare("SELECT path FROM retired").pluck().all() as string[];
  }

  retiredBefore(ageMs: number): readonly string[] {
    const select = this.#database.prepare("SELECT path FROM retired WHERE at < unixepoch('subsec') * 1000 - ?");
    return select.pluck().all(ageMs) as string[];
  }

  forget(path: string): void {
    this.#database.prepare("DELETE FROM retired WHERE path = ?").run(path);
  }

  eventDays(): readonly EventDayInfo[] {
    return this.#database.prepare("SELECT day, count, version FROM event_day ORDER BY day").all() as EventDayInfo[];
  }

  /** Part of the caller's transaction. */
  list({ path, day, rows, bytes, generated }: WrittenFile, { first, last }: TimeRange): void {
    this.#database
      .prepare("INSERT INTO manifest VALUES (?, ?, ?, ?, ?)")
      .run(path, day, rows, bytes, Number(generated));
    this.#database.prepare("INSERT INTO file_range VALUES (?, ?, ?)").run(path, first, last);
  }

  /** Part of the caller's transaction. */
  retire(path: string): void {
    this.#database.prepare("DELETE FROM manifest WHERE path = ?").run(path);
    this.#database.prepare("DELETE FROM file_range WHERE path = ?").run(path);
    this.#database.prepare("INSERT INTO retired VALUES (?, unixepoch('subsec') * 1000)").run(path);
  }

  /** Part of the caller's transaction: these days changed, and gained (or lost) so many events each. A day without any is none. */
  touch(gained: ReadonlyMap<DayNumber, number>): void {
    if (gained.size === 0) return;
    this.#database.prepare("UPDATE meta SET value = value + 1 WHERE key = 'eventVersion'").run();
    const version = this.#database.prepare("SELECT value FROM meta WHERE key = 'eventVersion'").pluck().get();
    const touch = this.#database.prepare(
      "INSERT INTO event_day VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count, version = excluded.version",
    );
    for (const [day, count] of gained) touch.run(day, count, version);
    this.#database.prepare("DELETE FROM event_day WHERE count = 0").run();
  }
}
