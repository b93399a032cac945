import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import { appendedLine } from "../../engine/appended-line.ts";
import type {
  AppendCount,
  AppendReport,
  CommunityLine,
  DeletionLine,
  FactBatch,
  NewestState,
  RecordLine,
  StoredDeletionLine,
  StoredMembershipLine,
  StoredRecordLine,
} from "../../engine/facts.ts";
import { newestStates } from "../../engine/newest-states.ts";
import { packedSource, unpackedSource } from "../../engine/packed-source.ts";
import { compareTiedLines, recordLineIdentity, replacesCommunity } from "../../engine/record-identity.ts";
import { openReader } from "./database.ts";

interface RecordRow {
  readonly seq: number;
  readonly data: string;
  readonly source: Uint8Array;
}
type Data = Omit<RecordLine, "source">;
/** Names bound to one statement. */
const LOOKED_UP_AT_ONCE = 20_000;
export type RecordReport = Pick<AppendReport, "records" | "memberships" | "communities">;

/** Records, memberships, deletions and communities in `control.sqlite`. */
export class RecordFacts {
  readonly #database: Database.Database;
  readonly #path: string;

  constructor(database: Database.Database, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Part of the caller's transaction. */
  append(batch: FactBatch): RecordReport {
    const records = this.#addRecords(batch.records ?? []);
    const memberships = this.#addAll(
      "INSERT OR IGNORE INTO membership VALUES (?, ?, ?, ?, ?)",
      (batch.memberships ?? []).map(({ record, community, type, at }) => [record, community, type, at]),
    );
    this.#addAll(
      "INSERT OR IGNORE INTO deletion VALUES (?, ?, ?)",
      (batch.deletions ?? []).map(({ record, at }) => [record, at]),
    );
    return { records, memberships, communities: this.#addCommunities(batch.communities ?? []) };
  }

  async *recordLines(): AsyncGenerator<StoredRecordLine> {
    // Lines of the same record and instant come in the order of their canonical source (`inOrder`).
    const rows = this.#rows(
      "SELECT seq, data, source FROM record_line ORDER BY parent, record, updated",
    ) as Iterable<RecordRow>;
    let same: StoredRecordLine[] = [];
    for (const row of rows) {
      const line = storedLine(row);
      const [first] = same;
      if (first !== undefined && (first.record !== line.record || first.updated !== line.updated)) {
        yield* inOrder(same);
        same = [];
      }
      same.push(line);
    }
    yield* inOrder(same);
  }

  newestStates(by: "record" | "parent", names: readonly string[]): readonly NewestState[] {
    const records =
      by === "record"
        ? JSON.stringify(names)
        : this.#database
            .prepare(
              "SELECT json_group_array(DISTINCT record) FROM record_line WHERE parent IN (SELECT value FROM json_each(?))",
            )
            .pluck()
            .get(JSON.stringify(names));
    const of = (table: string) =>
      this.#database.prepare(`SELECT * FROM ${table} WHERE record IN (SELECT value FROM json_each(?))`).all(records);
    const lines = (of("record_line") as RecordRow[]).map((row) => storedLine(row));
    const wanted = new Set(names);
    return newestStates(lines, of("deletion") as DeletionLine[]).filter(({ line }) => wanted.has(line[by]));
  }

  parentsOf(records: readonly string[]): readonly (string | null)[] {
    const find = this.#database.prepare(
      "SELECT record, parent FROM record_line WHERE record IN (SELECT value FROM json_each(?)) ORDER BY record, updated",
    );
    const parents = new Map<string, string>();
    for (let from = 0; from < records.length; from += LOOKED_UP_AT_ONCE) {
      const rows = find.all(JSON.stringify(records.slice(from, from + LOOKED_UP_AT_ONCE)));
      for (const { record, parent } of rows as { record: string; parent: string }[]) parents.set(record, parent);
    }
    return records.map((record) => parents.get(record) ?? null);
  }

  async *membershipLines(): AsyncGenerator<StoredMembershipLine> {
    yield* this.#rows(
      "SELECT seq, record, community, type, at FROM membership ORDER BY seq",
    ) as Iterable<StoredMembershipLine>;
  }

  async *deletionLines(): AsyncGenerator<StoredDeletionLine> {
    yield* this.#rows("SELECT seq, record, at FROM deletion ORDER BY seq") as Iterable<StoredDeletionLine>;
  }

  seq(): number {
    return Number(this.#database.prepare("SELECT value FROM meta WHERE key = 'seq'").pluck().get());
  }

  communities(): readonly CommunityLine[] {
    const rows = this.#database.prepare("SELECT data FROM community ORDER BY id").pluck().all() as string[];
    return rows.map((data) => JSON.parse(data) as CommunityLine);
  }

  #addRecords(lines: readonly RecordLine[]): AppendCount {
    return this.#addAll(
      "INSERT OR IGNORE INTO record_line VALUES (?, ?, ?, ?, ?, ?, ?)",
      lines.map((line) => {
        const { source, ...data } = line;
        const digest = createHash("sha256").update(recordLineIdentity(line)).digest().subarray(0, 16);
        return [line.parent, line.record, line.updated, digest, JSON.stringify(data), packedSource(source)];
      }),
    );
  }

  /** Numbers only what is new, so that a repeated batch leaves no trace. */
  #addAll(sql: string, rows: readonly (readonly unknown[])[]): AppendCount {
    if (rows.length === 0) return { accepted: 0, known: 0, superseded: 0 };
    const insert = this.#database.prepare(sql);
    const first = this.seq();
    let seq = first;
    for (const row of rows) seq += insert.run(seq + 1, ...row).changes;
    this.#database.prepare("UPDATE meta SET value = ? WHERE key = 'seq'").run(seq);
    return { accepted: seq - first, known: rows.length - (seq - first), superseded: 0 };
  }

  #addCommunities(lines: readonly CommunityLine[]): AppendCount {
    const find = this.#database.prepare("SELECT data FROM community WHERE id = ?").pluck();
    const put = this.#database.prepare("INSERT OR REPLACE INTO community VALUES (?, ?, ?)");
    let accepted = 0;
    for (const line of lines) {
      const known = find.get(line.id);
      if (typeof known === "string" && !replacesCommunity(line, JSON.parse(known) as CommunityLine)) continue;
      put.run(line.id, line.updated ?? 0, JSON.stringify(line));
      accepted++;
    }
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }

  *#rows(sql: string): Generator<unknown> {
    const reader = openReader(this.#path);
    try {
      yield* reader.prepare(sql).iterate();
    } finally {
      reader.close();
    }
  }
}

function storedLine({ seq, data, source }: RecordRow): StoredRecordLine {
  return { ...(JSON.parse(data) as Data), seq, packed: source, source: () => unpackedSource(source) };
}

/** Each source is unpacked once, and only where lines are tied. */
function inOrder(tied: readonly StoredRecordLine[]): readonly StoredRecordLine[] {
  if (tied.length < 2) return tied;
  const whole = tied.map((line) => ({ line, text: appendedLine(line) }));
  return whole.toSorted((a, b) => compareTiedLines(a.text, b.text)).map(({ line }) => line);
}
