import type { DayNumber } from "@community-stats/contract/days.ts";
import type { FactStore } from "../../engine/fact-store.ts";
import {
  type AppendCount,
  type AppendReport,
  type CommunityLine,
  type EventDay,
  type EventDayInfo,
  type FactBatch,
  type FactProblem,
  type FactSummary,
  type RecordLine,
  type SourceCursor,
  type StoredDeletionLine,
  type StoredMembershipLine,
  type StoredRecordLine,
  TERM_KINDS,
  type TermKind,
} from "../../engine/facts.ts";
import { MemoryEvents } from "./events.ts";
import { Terms } from "./terms.ts";

const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };

export class MemoryFacts implements FactStore {
  readonly #terms: Readonly<Record<TermKind, Terms>> = termTable();
  readonly #events = new MemoryEvents();
  readonly #records = new Map<string, StoredRecordLine>();
  readonly #memberships = new Map<string, StoredMembershipLine>();
  readonly #deletions = new Map<string, StoredDeletionLine>();
  readonly #communities = new Map<string, CommunityLine>();
  readonly #cursors = new Map<string, string>();
  #seq = 0;

  async append(batch: FactBatch, cursor?: SourceCursor): Promise<AppendReport> {
    const report = this.#add(batch, false);
    if (cursor !== undefined) this.#cursors.set(cursor.source, cursor.position);
    return report;
  }

  async preview(batch: FactBatch): Promise<AppendReport> {
    return this.#add(batch, true);
  }

  async cursor(source: string): Promise<string | null> {
    return this.#cursors.get(source) ?? null;
  }

  async eventDays(): Promise<readonly EventDayInfo[]> {
    return this.#events.days();
  }

  async *events(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    for (const day of days) {
      const events = this.#events.day(day, this.#terms);
      if (events !== null) yield events;
    }
  }

  async terms(kind: TermKind, fromCode = 0): Promise<readonly string[]> {
    return this.#terms[kind].texts.slice(fromCode);
  }

  async *recordLines(): AsyncGenerator<StoredRecordLine> {
    yield* [...this.#records.values()].toSorted(compareLines);
  }

  async *membershipLines(): AsyncGenerator<StoredMembershipLine> {
    yield* this.#memberships.values();
  }

  async *deletionLines(): AsyncGenerator<StoredDeletionLine> {
    yield* this.#deletions.values();
  }

  async recordSeq(): Promise<number> {
    return this.#seq;
  }

  async communities(): Promise<readonly CommunityLine[]> {
    return [...this.#communities.values()].toSorted((a, b) => compare(a.id, b.id));
  }

  async summary(): Promise<FactSummary> {
    const days = this.#events.days();
    const lines = [...this.#records.values()];
    return {
      events: days.reduce((sum, day) => sum + day.count, 0),
      firstEventDay: days[0]?.day ?? null,
      lastEventDay: days.at(-1)?.day ?? null,
      records: new Set(lines.map((line) => line.record)).size,
      recordLines: lines.length,
      memberships: this.#memberships.size,
      communities: this.#communities.size,
      generated: this.#events.generated || lines.some((line) => line.generated),
      bytes: 0,
    };
  }

  async problems(): Promise<readonly FactProblem[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#records.clear();
  }

  #add(batch: FactBatch, dry: boolean): AppendReport {
    if (!dry) this.#internAll(batch);
    const deletions = this.#addFacts(
      batch.deletions ?? [],
      this.#deletions,
      (line) => `${line.record} ${line.at}`,
      dry,
    );
    const memberships = this.#addFacts(batch.memberships ?? [], this.#memberships, membershipKey, dry);
    return {
      events: batch.events === undefined ? NOTHING : this.#events.add(batch.events, dry),
      records: this.#addRecords(batch.records ?? [], dry),
      memberships: {
        accepted: memberships.accepted + deletions.accepted,
        known: memberships.known + deletions.known,
        superseded: 0,
      },
      communities: this.#addCommunities(batch.communities ?? [], dry),
    };
  }

  #addRecords(lines: readonly RecordLine[], dry: boolean): AppendCount {
    const stored = lines.map((line) => ({ ...line, source: () => line.source }));
    return this.#addFacts(stored, this.#records, (line) => `${line.record} ${line.updated} ${line.source()}`, dry);
  }

  #addFacts<Line extends object>(
    lines: readonly Line[],
    into: Map<string, Line & { readonly seq: number }>,
    keyOf: (line: Line) => string,
    dry: boolean,
  ): AppendCount {
    const fresh = new Set<string>();
    for (const line of lines) {
      const key = keyOf(line);
      if (into.has(key) && !fresh.has(key)) continue;
      if (fresh.has(key)) continue;
      fresh.add(key);
      if (!dry) into.set(key, { ...line, seq: ++this.#seq });
    }
    return { accepted: fresh.size, known: lines.length - fresh.size, superseded: 0 };
  }

  #addCommunities(lines: readonly CommunityLine[], dry: boolean): AppendCount {
    let accepted = 0;
    for (const line of lines) {
      const before = this.#communities.get(line.id);
      if (before !== undefined && compareCommunities(line, before) <= 0) continue;
      accepted++;
      if (!dry) this.#communities.set(line.id, line);
    }
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }

  #internAll(batch: FactBatch): void {
    const { events, records = [], memberships = [], deletions = [], communities = [] } = batch;
    for (const kind of ["record", "parent", "country", "referrer", "fileType", "communitySet"] as const) {
      for (const text of events?.dictionaries[kind] ?? []) this.#terms[kind].intern(text);
    }
    for (const line of records) {
      this.#terms.record.intern(line.record);
      this.#terms.parent.intern(line.parent);
      if (line.owner !== null) this.#terms.owner.intern(line.owner);
      for (const community of line.communities) this.#terms.community.intern(community);
    }
    for (const line of memberships) {
      this.#terms.record.intern(line.record);
      this.#terms.community.intern(line.community);
    }
    for (const line of deletions) this.#terms.record.intern(line.record);
    for (const line of communities) this.#terms.community.intern(line.id);
  }
}

function termTable(): Readonly<Record<TermKind, Terms>> {
  return Object.fromEntries(TERM_KINDS.map((kind) => [kind, new Terms()])) as Record<TermKind, Terms>;
}

function membershipKey({
  record,
  community,
  type,
  at,
}: {
  record: string;
  community: string;
  type: string;
  at: number;
}): string {
  return `${type} ${at} ${record.length} ${record} ${community}`;
}

function compareLines(a: StoredRecordLine, b: StoredRecordLine): number {
  return (
    compare(a.parent, b.parent) ||
    compare(a.record, b.record) ||
    a.updated - b.updated ||
    compare(a.source(), b.source())
  );
}

/** The line that was updated last; of two at the same instant the greater as JSON, so that the order of arrival does not matter. */
function compareCommunities(a: CommunityLine, b: CommunityLine): number {
  const [first, second] = [a.updated ?? Number.NEGATIVE_INFINITY, b.updated ?? Number.NEGATIVE_INFINITY];
  return first === second ? compare(JSON.stringify(a), JSON.stringify(b)) : first - second;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
