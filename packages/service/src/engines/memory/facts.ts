import type { DayNumber } from "@community-stats/contract/days.ts";
import { BatchIdentity, distinctRows } from "../../engine/event-identity.ts";
import {
  concatRows,
  eventDay,
  gatherRows,
  observedRows,
  rowDay,
  rowsByDay,
  withCodes,
  type DayOfRows,
  type EventRows,
} from "../../engine/event-rows.ts";
import type { FactStore } from "../../engine/fact-store.ts";
import type {
  AppendCount,
  AppendReport,
  EventBatch,
  EventDay,
  EventDayInfo,
  EventTermKind,
  FactBatch,
  FactSummary,
  GeneratedDay,
  SourceCursor,
  TermKind,
} from "../../engine/facts.ts";
import { RecordFacts } from "./record-facts.ts";
import { TermTable } from "./term-table.ts";

interface StoredDay {
  readonly parts: EventRows[];
  version: number;
  count: number;
}

const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };

/** Facts in arrays. A batch is stored without a pause, so that no reader sees half of it. */
export class MemoryFacts implements FactStore {
  readonly #days = new Map<DayNumber, StoredDay>();
  readonly #terms = new Map<TermKind, TermTable>();
  readonly #cursors = new Map<string, string>();
  readonly #records = new RecordFacts();

  async append(batch: FactBatch, cursor?: SourceCursor | null, signal?: AbortSignal): Promise<AppendReport> {
    signal?.throwIfAborted();
    const events = batch.events === undefined ? NOTHING : this.#appendEvents(batch.events);
    const report = { events, ...this.#records.append(batch, true) };
    if (cursor !== undefined && cursor !== null) this.#cursors.set(cursor.source, cursor.position);
    return report;
  }

  async preview(batch: FactBatch): Promise<AppendReport> {
    const events = batch.events === undefined ? NOTHING : this.#identify(this.#coded(batch.events)).count();
    return { events, ...this.#records.append(batch, false) };
  }

  settle = async () => undefined;

  async cursor(source: string): Promise<string | null> {
    return this.#cursors.get(source) ?? null;
  }

  async eventDays(): Promise<readonly EventDayInfo[]> {
    const days = Array.from(this.#days, ([day, { count, version }]) => ({ day, count, version }));
    return days.filter(({ count }) => count > 0).toSorted((a, b) => a.day - b.day);
  }

  async generatedDays(): Promise<readonly GeneratedDay[]> {
    const days = Array.from(this.#days, ([day, stored]) => ({ day, count: generatedRows(stored) }));
    return days.filter(({ count }) => count > 0).toSorted((a, b) => a.day - b.day);
  }

  async removeGenerated(days: readonly DayNumber[]): Promise<number> {
    let removed = 0;
    for (const day of days) {
      const stored = this.#days.get(day);
      const generated = stored === undefined ? 0 : generatedRows(stored);
      if (stored === undefined || generated === 0) continue;
      stored.parts.splice(0, Infinity, observedRows(distinctRows(concatRows(stored.parts))));
      stored.version++;
      stored.count -= generated;
      removed += generated;
    }
    return removed;
  }

  async *events(days: readonly DayNumber[]): AsyncIterable<EventDay> {
    for (const day of days) {
      const stored = this.#days.get(day);
      if (stored !== undefined && stored.count > 0) yield eventDay(day, distinctRows(concatRows(stored.parts)));
    }
  }

  async *eventRows(days: readonly DayNumber[]): AsyncIterable<DayOfRows> {
    for (const day of days) {
      const stored = this.#days.get(day);
      if (stored !== undefined) yield { day, rows: distinctRows(concatRows(stored.parts)) };
    }
  }

  async terms(kind: TermKind, fromCode = 0): Promise<readonly string[]> {
    return this.#table(kind).texts.slice(fromCode);
  }

  recordLines = () => this.#records.recordLines();
  newestStates = async (by: "record" | "parent", names: readonly string[]) => this.#records.newestStates(by, names);
  parentsOf = async (records: readonly string[]) => {
    const states = this.#records.newestStates("record", records);
    const parents = new Map(states.map(({ line }) => [line.record, line.parent]));
    return records.map((record) => parents.get(record) ?? null);
  };
  membershipLines = () => this.#records.membershipLines();
  deletionLines = () => this.#records.deletionLines();
  recordSeq = async () => this.#records.seq;
  communities = async () => this.#records.communities();
  problems = async () => [];
  close = async () => undefined;

  async summary(): Promise<FactSummary> {
    const days = await this.eventDays();
    return {
      events: days.reduce((sum, day) => sum + day.count, 0),
      firstEventDay: days[0]?.day ?? null,
      lastEventDay: days.at(-1)?.day ?? null,
      ...this.#records.summary(),
      generated: this.#records.generated || Array.from(this.#days.values()).some(isGenerated),
      bytes: 0,
    };
  }

  #appendEvents(batch: EventBatch): AppendCount {
    const rows = this.#coded(batch);
    const identity = this.#identify(rows);
    for (const [day, kept] of rowsByDay(rows, identity.kept())) {
      this.#appendDay(day, gatherRows(rows, kept), identity.superseding(kept));
    }
    return identity.count();
  }

  #appendDay(day: DayNumber, part: EventRows, superseding: number): void {
    const stored = this.#days.get(day) ?? { parts: [], version: 0, count: 0 };
    stored.parts.push(part);
    stored.version++;
    stored.count += part.count - superseding;
    this.#days.set(day, stored);
  }

  #identify(rows: EventRows): BatchIdentity {
    const identity = new BatchIdentity(rows, (kind, code) => this.#table(kind).texts[code] ?? "");
    const days = new Set<DayNumber>();
    for (let row = 0; row < rows.count; row++) days.add(rowDay(rows, row));
    for (const day of days) for (const part of this.#days.get(day)?.parts ?? []) identity.meet(part);
    return identity;
  }

  /** A preview interns too: a code that no event uses does no harm in memory. */
  #coded(batch: EventBatch): EventRows {
    return withCodes(batch, (kind: EventTermKind, texts) => this.#table(kind).intern(texts));
  }

  #table(kind: TermKind): TermTable {
    const known = this.#terms.get(kind);
    if (known !== undefined) return known;
    const table = new TermTable();
    this.#terms.set(kind, table);
    return table;
  }
}

function isGenerated({ parts }: StoredDay): boolean {
  return parts.some(({ generated }) => generated.includes(1));
}

function generatedRows(stored: StoredDay): number {
  if (!isGenerated(stored)) return 0;
  const { generated } = distinctRows(concatRows(stored.parts));
  return generated.reduce((sum, flag) => sum + flag, 0);
}
