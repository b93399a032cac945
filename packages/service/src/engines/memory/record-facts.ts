import { compareCodePoints } from "../../domain/code-points.ts";
import type {
  AppendCount,
  CommunityLine,
  DeletionLine,
  FactBatch,
  MembershipLine,
  NewestState,
  RecordLine,
  StoredDeletionLine,
  StoredMembershipLine,
  StoredRecordLine,
} from "../../engine/facts.ts";
import { newestStates } from "../../engine/newest-states.ts";
import { compareTiedLines, recordLineIdentity, replacesCommunity } from "../../engine/record-identity.ts";

interface Numbered<Line> {
  readonly seq: number;
  readonly identity: string;
  readonly line: Line;
}

/** Facts of one kind by identity. A dry run counts into a copy of the known identities. */
class LineStore<Line> {
  readonly lines: Numbered<Line>[] = [];
  readonly #identities = new Set<string>();
  readonly #identityOf: (line: Line) => string;
  readonly #nextSeq: () => number;

  constructor(identityOf: (line: Line) => string, nextSeq: () => number) {
    this.#identityOf = identityOf;
    this.#nextSeq = nextSeq;
  }

  append(lines: readonly Line[], store: boolean): AppendCount {
    const identities = store ? this.#identities : new Set(this.#identities);
    let accepted = 0;
    for (const line of lines) {
      const identity = this.#identityOf(line);
      if (identities.has(identity)) continue;
      identities.add(identity);
      accepted++;
      if (store) this.lines.push({ seq: this.#nextSeq(), identity, line });
    }
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }
}

/** Records, memberships, deletions and communities, with one sequence over the first three. */
export class RecordFacts {
  seq = 0;
  generated = false;
  readonly #nextSeq = (): number => ++this.seq;
  readonly #records = new LineStore<RecordLine>(recordLineIdentity, this.#nextSeq);
  readonly #memberships = new LineStore<MembershipLine>(membershipIdentity, this.#nextSeq);
  readonly #deletions = new LineStore<DeletionLine>((line) => JSON.stringify([line.record, line.at]), this.#nextSeq);
  #communities: ReadonlyMap<string, CommunityLine> = new Map();

  append(batch: FactBatch, store: boolean): Record<"records" | "memberships" | "communities", AppendCount> {
    const records = this.#records.append(batch.records ?? [], store);
    const memberships = this.#memberships.append(batch.memberships ?? [], store);
    this.#deletions.append(batch.deletions ?? [], store);
    if (store && (batch.records ?? []).some((line) => line.generated)) this.generated = true;
    return { records, memberships, communities: this.#appendCommunities(batch.communities ?? [], store) };
  }

  #appendCommunities(lines: readonly CommunityLine[], store: boolean): AppendCount {
    const communities = new Map(this.#communities);
    let accepted = 0;
    for (const line of lines) {
      const known = communities.get(line.id);
      if (known !== undefined && !replacesCommunity(line, known)) continue;
      communities.set(line.id, line);
      accepted++;
    }
    if (store) this.#communities = communities;
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }

  async *recordLines(): AsyncIterable<StoredRecordLine> {
    for (const { seq, line } of this.#records.lines.toSorted(compareRecordLines)) {
      yield { ...line, seq, source: () => line.source };
    }
  }

  newestStates(by: "record" | "parent", names: readonly string[]): readonly NewestState[] {
    const wanted = new Set(names);
    const records = new Set(this.#records.lines.flatMap(({ line }) => (wanted.has(line[by]) ? [line.record] : [])));
    const lines = this.#records.lines.filter(({ line }) => records.has(line.record));
    const states = newestStates(
      lines.map(({ seq, line }) => ({ ...line, seq, source: () => line.source })),
      this.#deletions.lines.map(({ line }) => line),
    );
    return states.filter(({ line }) => wanted.has(line[by]));
  }

  async *membershipLines(): AsyncIterable<StoredMembershipLine> {
    for (const { seq, line } of this.#memberships.lines) yield { ...line, seq };
  }

  async *deletionLines(): AsyncIterable<StoredDeletionLine> {
    for (const { seq, line } of this.#deletions.lines) yield { ...line, seq };
  }

  communities(): readonly CommunityLine[] {
    return Array.from(this.#communities.values()).toSorted((a, b) => compareCodePoints(a.id, b.id));
  }

  summary(): Record<"records" | "recordLines" | "memberships" | "communities", number> {
    return {
      records: new Set(this.#records.lines.map(({ line }) => line.record)).size,
      recordLines: this.#records.lines.length,
      memberships: this.#memberships.lines.length,
      communities: this.#communities.size,
    };
  }
}

function membershipIdentity(line: MembershipLine): string {
  return JSON.stringify([line.record, line.community, line.type, line.at]);
}

function compareRecordLines(a: Numbered<RecordLine>, b: Numbered<RecordLine>): number {
  return (
    compareCodePoints(a.line.parent, b.line.parent) ||
    compareCodePoints(a.line.record, b.line.record) ||
    a.line.updated - b.line.updated ||
    compareTiedLines(a.line, b.line)
  );
}
