import { join } from "node:path";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type Database from "better-sqlite3";
import type { DayOfRows } from "../../engine/event-rows.ts";
import type { FactStore } from "../../engine/fact-store.ts";
import type {
  AppendCount,
  AppendReport,
  CommunityLine,
  EventDay,
  EventDayInfo,
  FactBatch,
  FactProblem,
  FactSummary,
  GeneratedDay,
  SourceCursor,
  TermKind,
} from "../../engine/facts.ts";
import { EventStore, type InboxLimits } from "./event-store.ts";
import { factProblems } from "./fact-problems.ts";
import type { ProcessMutex } from "./mutex.ts";
import { RecordFacts } from "./record-facts.ts";
import { FactTerms } from "./terms.ts";
import { writing } from "../../engine/writing.ts";

const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };

/** Facts of one data folder, shared by any number of processes. */
export class EmbeddedFacts implements FactStore {
  readonly #folder: string;
  readonly #database: Database.Database;
  readonly #mutex: ProcessMutex;
  readonly #terms: FactTerms;
  readonly #records: RecordFacts;
  readonly #events: EventStore;

  constructor(folder: string, parts: { database: Database.Database; mutex: ProcessMutex; inbox: InboxLimits }) {
    const { database, mutex, inbox } = parts;
    this.#folder = folder;
    this.#database = database;
    this.#mutex = mutex;
    this.#terms = new FactTerms(database);
    this.#records = new RecordFacts(database, join(folder, "control.sqlite"));
    this.#events = new EventStore(folder, { database, terms: this.#terms, limits: inbox });
  }

  async append(batch: FactBatch, cursor?: SourceCursor | null, signal?: AbortSignal): Promise<AppendReport> {
    return await this.#alone(async () => {
      await this.#events.tidy();
      const events = await this.#events.prepare(batch.events, signal);
      const report = this.#commit(() => {
        events.commit();
        if (cursor !== undefined && cursor !== null) this.#keepCursor(cursor);
        return this.#records.append(batch);
      });
      events.committed();
      await this.#makeRoom(signal);
      return { events: events.count, ...report };
    }, signal);
  }

  async settle(signal?: AbortSignal): Promise<void> {
    if (this.#events.ripe().length === 0) return;
    await unlessEnded(signal, () => this.#alone(async () => await this.#pack(this.#events.ripe(), signal), signal));
  }

  async preview(batch: FactBatch): Promise<AppendReport> {
    const events = await this.#events.preview(batch.events);
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
    return this.#events.manifest.eventDays();
  }

  events(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    return this.#events.scan(days);
  }

  async generatedDays(): Promise<readonly GeneratedDay[]> {
    return await this.#events.generated.days();
  }

  async removeGenerated(days: readonly DayNumber[]): Promise<number> {
    return await this.#alone(async () => {
      await this.#events.tidy();
      const { removed, commit } = await this.#events.withoutGenerated(days);
      this.#commit(commit);
      return removed;
    });
  }

  eventRows(days: readonly DayNumber[]): AsyncGenerator<DayOfRows> {
    return this.#events.rows(days);
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
    const generatedEvent =
      "EXISTS (SELECT 1 FROM manifest WHERE generated = 1) OR EXISTS (SELECT 1 FROM inbox WHERE generated = 1)";
    const generatedLine = "EXISTS (SELECT 1 FROM record_line WHERE json_extract(data, '$.generated') = 1)";
    return {
      events: days.reduce((sum, day) => sum + day.count, 0),
      firstEventDay: days[0]?.day ?? null,
      lastEventDay: days.at(-1)?.day ?? null,
      records: count("SELECT count(DISTINCT record) FROM record_line"),
      recordLines: count("SELECT count(*) FROM record_line"),
      memberships: count("SELECT count(*) FROM membership"),
      communities: count("SELECT count(*) FROM community"),
      generated: count(`SELECT ${generatedEvent} OR ${generatedLine}`) === 1,
      bytes: count(
        "SELECT (SELECT coalesce(sum(bytes), 0) FROM manifest) + (SELECT coalesce(sum(length(data)), 0) FROM inbox)",
      ),
    };
  }

  async problems(): Promise<readonly FactProblem[]> {
    return await factProblems(this.#folder, this.#events);
  }

  async close(): Promise<void> {
    this.#events.close();
    this.#database.close();
  }

  /** What waits can go on waiting where there is no time for it now. */
  async #makeRoom(signal: AbortSignal | undefined): Promise<void> {
    if (this.#events.isFull()) await unlessEnded(signal, () => this.#pack(this.#events.waitingDays(), signal));
  }

  async #pack(days: readonly DayNumber[], signal?: AbortSignal): Promise<void> {
    const packed = await this.#events.pack(days, signal);
    this.#commit(() => packed.commit());
  }

  #commit<T>(work: () => T): T {
    return this.#database.transaction(work).immediate();
  }

  /** Under the append lock, which needs some room on the disk, too. */
  async #alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await writing(this.#folder, () => this.#mutex.run(work, signal));
  }

  #keepCursor({ source, position }: SourceCursor): void {
    this.#database.prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?)").run(source, position);
  }
}

/** Work that can be left for another time. */
async function unlessEnded(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
  }
}

/** Ends a transaction that was only a trial. */
class RollBack extends Error {
  report: ReturnType<RecordFacts["append"]> | undefined;
}
