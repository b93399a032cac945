import { readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import type Database from "better-sqlite3";
import { BatchIdentity, distinctRows } from "../../engine/event-identity.ts";
import {
  concatRows,
  eventDay,
  type EventRows,
  gatherRows,
  rowDay,
  rowsByDay,
  withCodes,
} from "../../engine/event-rows.ts";
import type { FactStore } from "../../engine/fact-store.ts";
import type {
  AppendCount,
  AppendReport,
  CommunityLine,
  EventBatch,
  EventDay,
  EventDayInfo,
  EventTermKind,
  FactBatch,
  FactProblem,
  FactSummary,
  SourceCursor,
  TermKind,
} from "../../engine/facts.ts";
import { type EventFile, EventFiles, type WrittenFile } from "./parquet.ts";
import type { ProcessMutex } from "./mutex.ts";
import { RecordFacts } from "./record-facts.ts";
import { FactTerms } from "./terms.ts";
import { writing } from "./writing.ts";

const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };
/** A day with more files than this is packed into one. */
const MOST_FILES = 8;
/** A reader may still hold a file that was packed away. */
const KEEP_RETIRED_MS = 3_600_000;

/** What an append does to one day. */
interface DayChange {
  readonly day: DayNumber;
  readonly written: WrittenFile;
  readonly retired: readonly EventFile[];
  readonly gained: number;
}

/** Facts of one data folder, shared by any number of processes. */
export class EmbeddedFacts implements FactStore {
  readonly #folder: string;
  readonly #database: Database.Database;
  readonly #mutex: ProcessMutex;
  readonly #files: EventFiles;
  readonly #terms: FactTerms;
  readonly #records: RecordFacts;

  constructor(folder: string, database: Database.Database, mutex: ProcessMutex) {
    this.#folder = folder;
    this.#database = database;
    this.#mutex = mutex;
    this.#files = new EventFiles(folder);
    this.#terms = new FactTerms(database);
    this.#records = new RecordFacts(database, join(folder, "control.sqlite"));
  }

  async append(batch: FactBatch, cursor?: SourceCursor): Promise<AppendReport> {
    return await this.#mutex.run(async () => {
      const { count, changes } = await this.#prepareEvents(batch.events);
      const report = await writing(this.#folder, () => {
        const work = this.#database.transaction(() => this.#commit(batch, changes, cursor));
        return work.immediate();
      });
      return { events: count, ...report };
    });
  }

  async preview(batch: FactBatch): Promise<AppendReport> {
    const events = batch.events === undefined ? NOTHING : (await this.#identifyPreview(batch.events)).count();
    const dry = new RollBack();
    try {
      this.#database
        .transaction(() => {
          dry.report = this.#records.append(batch);
          throw dry;
        })
        .immediate();
    } catch (error) {
      if (error !== dry || dry.report === undefined) throw error;
    }
    return { events, ...(dry.report ?? { records: NOTHING, memberships: NOTHING, communities: NOTHING }) };
  }

  async cursor(source: string): Promise<string | null> {
    const position = this.#database.prepare("SELECT position FROM cursor WHERE source = ?").pluck().get(source);
    return typeof position === "string" ? position : null;
  }

  async eventDays(): Promise<readonly EventDayInfo[]> {
    return this.#database.prepare("SELECT day, count, version FROM event_day ORDER BY day").all() as EventDayInfo[];
  }

  async *events(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    const listed = days.map((day) => ({ day, files: this.#filesOf(day) })).filter(({ files }) => files.length > 0);
    for await (const { day, rows } of this.#files.scan(listed)) yield eventDay(day, rows);
  }

  async terms(kind: TermKind, fromCode = 0): Promise<readonly string[]> {
    return this.#terms.all(kind, fromCode);
  }

  recordLines = () => this.#records.recordLines();
  membershipLines = () => this.#records.membershipLines();
  deletionLines = () => this.#records.deletionLines();
  recordSeq = async () => this.#records.seq();
  newestStates = async (by: "record" | "parent", names: readonly string[]) => this.#records.newestStates(by, names);
  parentsOf = async (records: readonly string[]) => this.#records.parentsOf(records);
  communities = async (): Promise<readonly CommunityLine[]> => this.#records.communities();

  async summary(): Promise<FactSummary> {
    const days = await this.eventDays();
    const count = (sql: string) => Number(this.#database.prepare(sql).pluck().get());
    const generatedLine = "EXISTS (SELECT 1 FROM record_line WHERE json_extract(data, '$.generated') = 1)";
    return {
      events: days.reduce((sum, day) => sum + day.count, 0),
      firstEventDay: days[0]?.day ?? null,
      lastEventDay: days.at(-1)?.day ?? null,
      records: count("SELECT count(DISTINCT record) FROM record_line"),
      recordLines: count("SELECT count(*) FROM record_line"),
      memberships: count("SELECT count(*) FROM membership"),
      communities: count("SELECT count(*) FROM community"),
      generated: count(`SELECT EXISTS (SELECT 1 FROM manifest WHERE generated = 1) OR ${generatedLine}`) === 1,
      bytes: count("SELECT coalesce(sum(bytes), 0) FROM manifest"),
    };
  }

  /** Compares the folder with the manifest. */
  async problems(): Promise<readonly FactProblem[]> {
    const listed = new Set(this.#database.prepare("SELECT path FROM manifest").pluck().all() as string[]);
    const retired = new Set(this.#database.prepare("SELECT path FROM retired").pluck().all() as string[]);
    const root = join("facts", "events");
    const found = existsSync(join(this.#folder, root))
      ? await readdir(join(this.#folder, root), { recursive: true, withFileTypes: true })
      : [];
    const paths = found
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.#folder.length + 1));
    const missing = [...listed].filter((path) => !existsSync(join(this.#folder, path)));
    return [
      ...paths.filter((path) => !listed.has(path) && !retired.has(path)).map(unlistedFile),
      ...missing.map((path): FactProblem => ({
        kind: "missing-file",
        path,
        detail: "listed, but not there: its day cannot be counted; put it back from a backup",
      })),
    ];
  }

  async close(): Promise<void> {
    this.#files.close();
    this.#database.close();
  }

  async #prepareEvents(batch: EventBatch | undefined): Promise<{ count: AppendCount; changes: readonly DayChange[] }> {
    if (batch === undefined || batch.count === 0) return { count: NOTHING, changes: [] };
    await this.#removeRetired();
    const rows = withCodes(batch, (kind, texts) => this.#terms.intern(kind, texts));
    const identity = new BatchIdentity(rows, (kind, code) => this.#terms.text(kind, code));
    await this.#meetStored(identity, rows);
    const connection = await this.#files.connect();
    try {
      const changes: DayChange[] = [];
      for (const [day, kept] of rowsByDay(rows, identity.kept())) {
        const part = gatherRows(rows, kept);
        changes.push(await this.#writeDay(connection, { day, part, superseding: identity.superseding(kept) }));
      }
      return { count: identity.count(), changes };
    } finally {
      connection.closeSync();
    }
  }

  async #identifyPreview(batch: EventBatch): Promise<BatchIdentity> {
    const texts = new Map<EventTermKind, (code: number) => string>();
    const rows = withCodes(batch, (kind, list) => {
      const { codes, text } = this.#terms.preview(kind, list);
      texts.set(kind, text);
      return codes;
    });
    const identity = new BatchIdentity(rows, (kind, code) => texts.get(kind)?.(code) ?? "");
    await this.#meetStored(identity, rows);
    return identity;
  }

  async #meetStored(identity: BatchIdentity, rows: EventRows): Promise<void> {
    const days = new Set<DayNumber>();
    for (let row = 0; row < rows.count; row++) days.add(rowDay(rows, row));
    for (const day of days) {
      const files = this.#filesOf(day);
      if (files.length > 0) identity.meet(await this.#files.read(day, files));
    }
  }

  /** A day with winners over stored rows, or with many files, is written anew as one file without the losers. */
  async #writeDay(
    connection: DuckDBConnection,
    { day, part, superseding }: { day: DayNumber; part: EventRows; superseding: number },
  ): Promise<DayChange> {
    const stored = this.#filesOf(day);
    const gained = part.count - superseding;
    if (superseding === 0 && stored.length < MOST_FILES) {
      return { day, written: await this.#files.write(connection, day, part), retired: [], gained };
    }
    const all = distinctRows(concatRows([await this.#files.read(day, stored), part]));
    return { day, written: await this.#files.write(connection, day, all), retired: stored, gained };
  }

  #commit(batch: FactBatch, changes: readonly DayChange[], cursor: SourceCursor | undefined) {
    const report = this.#records.append(batch);
    if (changes.length > 0) this.#list(changes);
    if (cursor !== undefined) {
      this.#database.prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?)").run(cursor.source, cursor.position);
    }
    return report;
  }

  #list(changes: readonly DayChange[]): void {
    this.#database.prepare("UPDATE meta SET value = value + 1 WHERE key = 'eventVersion'").run();
    const version = Number(this.#database.prepare("SELECT value FROM meta WHERE key = 'eventVersion'").pluck().get());
    const list = this.#database.prepare("INSERT INTO manifest VALUES (?, ?, ?, ?, ?)");
    const unlist = this.#database.prepare("DELETE FROM manifest WHERE path = ?");
    const retire = this.#database.prepare("INSERT INTO retired VALUES (?, unixepoch('subsec') * 1000)");
    const touch = this.#database.prepare(
      "INSERT INTO event_day VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count, version = excluded.version",
    );
    for (const { day, written, retired, gained } of changes) {
      for (const { path } of retired) {
        unlist.run(path);
        retire.run(path);
      }
      list.run(written.path, day, written.rows, written.bytes, Number(written.generated));
      touch.run(day, gained, version);
    }
  }

  #filesOf(day: DayNumber): readonly EventFile[] {
    const select = this.#database.prepare("SELECT path, day, rows FROM manifest WHERE day = ? ORDER BY path");
    return select.all(day) as EventFile[];
  }

  async #removeRetired(): Promise<void> {
    const old = this.#database
      .prepare("SELECT path FROM retired WHERE at < unixepoch('subsec') * 1000 - ?")
      .pluck()
      .all(KEEP_RETIRED_MS) as string[];
    for (const path of old) {
      await rm(join(this.#folder, path), { force: true });
      this.#database.prepare("DELETE FROM retired WHERE path = ?").run(path);
    }
  }
}

/** Ends a transaction that was only a trial. */
class RollBack extends Error {
  report: ReturnType<RecordFacts["append"]> | undefined;
}

const OWN_NAME = /^facts.events.\d{4}-\d{2}-\d{2}.[0-9a-f-]{36}\.parquet$/;

function unlistedFile(path: string): FactProblem {
  return OWN_NAME.test(path)
    ? {
        kind: "orphan-file",
        path,
        detail: "left by an ingest that was cut off; it counts for nothing and may be deleted",
      }
    : { kind: "foreign-file", path, detail: `not ours; it counts for nothing (${dayNameOf(path)})` };
}

function dayNameOf(path: string): string {
  return path.split(/[\\/]/).at(-2) ?? dayFromNumber(0);
}
