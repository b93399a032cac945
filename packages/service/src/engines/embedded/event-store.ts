import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import type Database from "better-sqlite3";
import { BatchIdentity, distinctRows } from "../../engine/event-identity.ts";
import {
  concatRows,
  type DayOfRows,
  eventDay,
  type EventRows,
  gatherRows,
  rowsByDay,
  withCodes,
} from "../../engine/event-rows.ts";
import type { AppendCount, EventBatch, EventDay } from "../../engine/facts.ts";
import { GeneratedEvents } from "./generated-events.ts";
import { Inbox, type WaitingDay } from "./inbox.ts";
import { type ListedFile, Manifest, type TimeRange } from "./manifest.ts";
import type { EventFile, WrittenFile } from "./event-file.ts";
import { type DayFiles, EventFiles } from "./parquet.ts";
import { type AssignedTerms, type FactTerms } from "./terms.ts";

const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };
/** A day with more files than this is packed into one. */
const MOST_FILES = 8;
/** A reader may still hold a file that was packed away. */
const KEEP_RETIRED_MS = 3_600_000;
/** Two events of one identity are of the same ten seconds. */
const SLOT_MS = 10_000;

/** How events go by way of the inbox. */
export interface InboxLimits {
  /** Batches with more new events are written to files at once. */
  readonly batch: number;
  /** More events than this do not wait. */
  readonly waiting: number;
  /** `settle` packs days with at least as many, and those that have waited long. */
  readonly worthAFile: number;
  readonly ageMs: number;
}
export const INBOX_LIMITS: InboxLimits = { batch: 2_000, waiting: 20_000, worthAFile: 1_000, ageMs: 3_600_000 };

/** What is to be committed, after all that takes long is done. */
export interface PreparedEvents {
  readonly count: AppendCount;
  /** Part of the caller's transaction. */
  commit(): void;
  /** After that transaction. */
  committed(): void;
}

/** What an append does to the files of one day. */
interface DayChange {
  readonly day: DayNumber;
  readonly written: WrittenFile;
  readonly range: TimeRange;
  readonly retired: readonly EventFile[];
}

/** The events of one data folder: Parquet files by day, and the inbox in front of them. Whoever changes them holds the append lock. */
export class EventStore {
  readonly #folder: string;
  readonly #database: Database.Database;
  readonly #files: EventFiles;
  readonly #terms: FactTerms;
  readonly #manifest: Manifest;
  readonly #inbox: Inbox;
  readonly #limits: InboxLimits;

  constructor(folder: string, parts: { database: Database.Database; terms: FactTerms; limits: InboxLimits }) {
    this.#folder = folder;
    this.#database = parts.database;
    this.#files = new EventFiles(folder);
    this.#terms = parts.terms;
    this.#manifest = new Manifest(parts.database);
    this.#inbox = new Inbox(parts.database);
    this.#limits = parts.limits;
  }

  get generated(): GeneratedEvents {
    return new GeneratedEvents({ manifest: this.#manifest, inbox: this.#inbox, files: this.#files });
  }
  get manifest(): Manifest {
    return this.#manifest;
  }
  get files(): EventFiles {
    return this.#files;
  }

  /** @param signal ends the work before the commit, with its reason as the error; nothing of it is left. */
  async prepare(batch: EventBatch | undefined, signal?: AbortSignal): Promise<PreparedEvents> {
    if (batch === undefined || batch.count === 0)
      return { count: NOTHING, commit: () => undefined, committed: () => undefined };
    const terms = this.#terms.assign();
    const met = await this.#meet(batch, terms, signal);
    const all = met.identity.kept();
    const days = rowsByDay(met.rows, all);
    const gained = new Map(Array.from(days, ([day, kept]) => [day, kept.length - met.identity.superseding(kept)]));
    const count = met.identity.count(all);
    const committed = (): void => terms.written();
    if (count.accepted + count.superseded <= this.#limits.batch && !met.supersedesFiles) {
      const commit = (): void => {
        this.#inbox.put(met.rows, all);
        this.#manifest.touch(gained);
        terms.write();
      };
      return { count, commit, committed };
    }
    const changes = await this.#writeDays(days, met, signal);
    return {
      count,
      commit: () => {
        this.#list(changes);
        this.#manifest.touch(gained);
        terms.write();
      },
      committed,
    };
  }

  /** What `prepare` would count. */
  async preview(batch: EventBatch | undefined): Promise<AppendCount> {
    if (batch === undefined || batch.count === 0) return NOTHING;
    return (await this.#meet(batch, this.#terms.assign())).identity.count();
  }

  /** Whether so much waits that it should be packed now. */
  isFull(): boolean {
    return this.#inbox.days().reduce((sum, { count }) => sum + count, 0) > this.#limits.waiting;
  }

  /** Days that are worth a file or have waited long. */
  ripe(): readonly DayNumber[] {
    const { worthAFile, ageMs } = this.#limits;
    const isRipe = (waiting: WaitingDay): boolean => waiting.count >= worthAFile || waiting.ageMs >= ageMs;
    return this.#inbox.days().flatMap((waiting) => (isRipe(waiting) ? [waiting.day] : []));
  }

  waitingDays(): readonly DayNumber[] {
    return this.#inbox.days().map(({ day }) => day);
  }

  /** Moves what waits of these days into files. No fact changes. */
  async pack(days: readonly DayNumber[], signal?: AbortSignal): Promise<Pick<PreparedEvents, "commit">> {
    const parts = days.map((day) => ({ day, part: this.#inbox.rows(day), rewrite: false }));
    const changes = await this.#write(parts, signal);
    return { commit: () => this.#list(changes) };
  }

  /** Writes these days anew without what was generated. */
  async withoutGenerated(days: readonly DayNumber[]): Promise<Pick<PreparedEvents, "commit"> & { removed: number }> {
    const lost = new Map<DayNumber, number>();
    const changes: DayChange[] = [];
    const emptied: { readonly day: DayNumber; readonly files: readonly EventFile[] }[] = [];
    const connection = await this.#files.connect();
    try {
      for await (const { day, count, observed, files } of this.generated.purged(days)) {
        lost.set(day, -count);
        if (observed.count === 0) emptied.push({ day, files });
        else {
          const written = await this.#files.write(connection, day, observed);
          changes.push({ day, written, range: rangeOf(observed), retired: files });
        }
      }
    } finally {
      connection.closeSync();
    }
    const commit = (): void => {
      this.#list(changes);
      for (const { day, files } of emptied) {
        for (const { path } of files) this.#manifest.retire(path);
        this.#inbox.remove(day);
      }
      this.#manifest.touch(lost);
    };
    return { removed: -Array.from(lost.values()).reduce((sum, count) => sum + count, 0), commit };
  }

  /** One value per day, files and inbox seen at one instant. */
  async *scan(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    const seen = this.#database.transaction(() =>
      days.map((day) => ({ day, files: this.#manifest.files(day), waiting: this.#inbox.rows(day) })),
    )();
    const stored = this.#files.scan(seen.filter(({ files }) => files.length > 0));
    try {
      for (const { day, files, waiting } of seen) {
        const inFiles = files.length === 0 ? null : await stored.next();
        const parts = inFiles === null || inFiles.done === true ? [] : [inFiles.value.rows];
        if (waiting.count > 0) parts.push(waiting);
        if (parts.length > 0) yield eventDay(day, concatRows(parts));
      }
    } finally {
      await stored.return(undefined);
    }
  }

  /** As `scan`, one day after the other: a day of whole rows is large. */
  async *rows(days: readonly DayNumber[]): AsyncGenerator<DayOfRows> {
    for (const day of days) {
      const seen = this.#database.transaction(() => {
        return { files: this.#manifest.files(day), waiting: this.#inbox.rows(day) };
      })();
      const stored = seen.files.length === 0 ? [] : [await this.#files.read(day, seen.files)];
      const rows = distinctRows(concatRows([...stored, seen.waiting]));
      if (rows.count > 0) yield { day, rows };
    }
  }

  /** Removes what nobody needs any more: drafts of killed writers, files that were packed away long ago. */
  async tidy(): Promise<void> {
    await this.#files.removeDrafts();
    for (const path of this.#manifest.retiredBefore(KEEP_RETIRED_MS)) {
      await rm(join(this.#folder, path), { force: true });
      this.#manifest.forget(path);
    }
  }

  close(): void {
    this.#files.close();
  }

  async #meet(batch: EventBatch, terms: AssignedTerms, signal?: AbortSignal): Promise<Met> {
    const rows = withCodes(batch, (kind, texts) => terms.codes(kind, texts));
    const identity = new BatchIdentity(rows, (kind, code) => terms.text(kind, code));
    await this.#meetFiles(identity, rows, signal);
    const supersedesFiles = identity.count().superseded > 0;
    const inFiles = supersedesFiles ? identity.kept().filter((row) => identity.isSuperseding(row)) : new Int32Array(0);
    identity.meet(this.#inbox.meeting(rows));
    return { rows, identity, supersedesFiles, inFiles };
  }

  /** Only files of the batch's own days and times can hold one of its identities. */
  async #meetFiles(identity: BatchIdentity, rows: EventRows, signal: AbortSignal | undefined): Promise<void> {
    const near: DayFiles[] = [];
    for (const [day, range] of rangesByDay(rows)) {
      const files = this.#manifest.files(day).filter((file) => mayMeet(file, range));
      if (files.length > 0) near.push({ day, files });
    }
    const files = new Map(near.map((entry) => [entry.day, entry.files]));
    for await (const { day, rows: stored } of this.#files.ids(near)) {
      signal?.throwIfAborted();
      if (identity.touches(stored.id)) identity.meet(await this.#files.read(day, files.get(day) ?? []));
    }
  }

  async #writeDays(
    days: ReadonlyMap<DayNumber, Int32Array>,
    met: Met,
    signal: AbortSignal | undefined,
  ): Promise<readonly DayChange[]> {
    const superseding = new Set(met.inFiles);
    const parts = Array.from(days, ([day, kept]): DayPart => {
      const waiting = this.#inbox.rows(day);
      const part = gatherRows(met.rows, kept);
      return {
        day,
        part: waiting.count === 0 ? part : distinctRows(concatRows([waiting, part])),
        rewrite: kept.some((row) => superseding.has(row)),
      };
    });
    return await this.#write(parts, signal);
  }

  async #write(parts: readonly DayPart[], signal: AbortSignal | undefined): Promise<readonly DayChange[]> {
    const connection = await this.#files.connect();
    const changes: DayChange[] = [];
    try {
      for (const part of parts) {
        signal?.throwIfAborted();
        changes.push(await this.#writeDay(connection, part));
      }
      return changes;
    } catch (error) {
      // They will never be listed.
      for (const { written } of changes) await rm(join(this.#folder, written.path), { force: true });
      throw error;
    } finally {
      connection.closeSync();
    }
  }

  /** A day with winners over rows of its files, or with many files, is written anew as one file without the losers. */
  async #writeDay(connection: DuckDBConnection, { day, part, rewrite }: DayPart): Promise<DayChange> {
    const stored = this.#manifest.files(day);
    const whole = rewrite || stored.length >= MOST_FILES;
    const rows = whole ? distinctRows(concatRows([await this.#files.read(day, stored), part])) : part;
    const written = await this.#files.write(connection, day, rows);
    return { day, written, range: rangeOf(rows), retired: whole ? stored : [] };
  }

  /** All of the inbox that belongs to these days is in their files now. */
  #list(changes: readonly DayChange[]): void {
    for (const { day, written, range, retired } of changes) {
      for (const { path } of retired) this.#manifest.retire(path);
      this.#manifest.list(written, range);
      this.#inbox.remove(day);
    }
  }
}

/** A batch that was held against what is stored. */
interface Met {
  readonly rows: EventRows;
  readonly identity: BatchIdentity;
  readonly supersedesFiles: boolean;
  /** Rows that win over one in a file. */
  readonly inFiles: Int32Array;
}

interface DayPart {
  readonly day: DayNumber;
  readonly part: EventRows;
  readonly rewrite: boolean;
}

function mayMeet({ range }: ListedFile, { first, last }: TimeRange): boolean {
  return range === null || (range.first < last + SLOT_MS && range.last > first - SLOT_MS);
}

function rangesByDay(rows: EventRows): ReadonlyMap<DayNumber, TimeRange> {
  const ranges = new Map<DayNumber, { first: number; last: number }>();
  let day = Number.NaN;
  let range = { first: 0, last: 0 };
  for (let row = 0; row < rows.count; row++) {
    const instant = rows.instant[row] ?? 0;
    if (Math.floor(instant / MS_PER_DAY) !== day) {
      day = Math.floor(instant / MS_PER_DAY);
      range = ranges.get(day as DayNumber) ?? { first: MS_PER_DAY, last: 0 };
      ranges.set(day as DayNumber, range);
    }
    const time = instant - day * MS_PER_DAY;
    if (time < range.first) range.first = time;
    if (time > range.last) range.last = time;
  }
  return ranges;
}

/** Of the rows of one day. */
function rangeOf(rows: EventRows): TimeRange {
  const [range] = rangesByDay(rows).values();
  return range ?? { first: 0, last: MS_PER_DAY };
}
