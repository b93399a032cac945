import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { HistoryBuilder, type CommunityInterval, type RecordInput } from "../domain/history-builder.ts";
import { deletionIntervals } from "../domain/intervals.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import type { StoredRecordLine } from "../engine/facts.ts";
import type { LabelSpan, RollupStore } from "../engine/rollup-store.ts";
import { ExtractPool } from "./extract-pool.ts";
import { Extracts, readExtract, type ReadLines } from "./extracts.ts";
import { MembershipTable } from "./membership-table.ts";
import { linesOfRecords } from "./record-lines.ts";
import { openSourceReading, type SourceReading } from "./source-thread.ts";
import { TermNumbers } from "./term-numbers.ts";
import type { SavedTerms } from "./grown-terms.ts";
import { valuePlans, type ValuePlan } from "./value-columns.ts";

export interface HistorySources {
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly breakdowns: readonly Breakdown[];
  /** Threads that may work; null: as many as there are cores. */
  readonly workers: number | null;
  /** Called with how many records of how many are read. */
  readonly progress?: (done: number, records: number) => void;
}

export interface BuiltHistory {
  readonly history: RecordHistory;
  /** Labels of all values over time (T11), for `RollupStore.replaceLabels`. */
  readonly labels: readonly LabelSpan[];
  /** Which codes are those of the facts, and which are the history's own. */
  readonly terms: SavedTerms;
  /** `FactStore.recordSeq()` before anything was read: the history knows at least these facts. */
  readonly recordSeq: number;
}

/** Records whose values are looked up together. */
const CHUNK = 2_000;

/** Reads every record fact into a history. While the values of some records are read, the next ones are fetched. */
export async function buildHistory(sources: HistorySources): Promise<BuiltHistory> {
  const recordSeq = await sources.facts.recordSeq();
  const plans = valuePlans(sources.breakdowns);
  const { records: total } = await sources.facts.summary();
  const reading = openSourceReading(plans, { workers: sources.workers, records: total });
  try {
    const reader = await HistoryReader.open(sources, plans, reading);
    let done = 0;
    const add = async (read: Promise<ReadRecords> | null): Promise<void> => {
      if (read === null) return;
      done += await reader.add(await read);
      sources.progress?.(done, total);
    };
    let before: Promise<ReadRecords> | null = null;
    for await (const records of chunks(linesOfRecords(sources.facts), CHUNK)) {
      const read = reader.read(records);
      // Its failure is told to whoever waits for it, which may be later.
      read.catch(() => undefined);
      await add(before);
      before = read;
    }
    await add(before);
    return { ...(await reader.finish()), recordSeq };
  } finally {
    await reading.close();
  }
}

async function* chunks<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let chunk: T[] = [];
  for await (const one of source) {
    chunk.push(one);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The lines of some records, and their values. */
interface ReadRecords {
  readonly records: readonly (readonly StoredRecordLine[])[];
  readonly read: ReadLines;
}

interface HistoryTerms {
  readonly record: TermNumbers;
  readonly parent: TermNumbers;
  readonly owner: TermNumbers;
  readonly community: TermNumbers;
}

interface HistoryTables {
  readonly terms: HistoryTerms;
  readonly memberships: MembershipTable;
  readonly deletions: ReadonlyMap<string, readonly number[]>;
  readonly extracts: Extracts;
}

/** Turns lines into records of a history. */
class HistoryReader {
  readonly #sources: HistorySources;
  readonly #plans: readonly ValuePlan[];
  readonly #tables: HistoryTables;
  readonly #builder: HistoryBuilder;
  readonly #pool = new ExtractPool();
  /** The column whose codes the types of files have, or -1. */
  readonly #typeColumn: number;

  private constructor(sources: HistorySources, plans: readonly ValuePlan[], tables: HistoryTables) {
    this.#sources = sources;
    this.#plans = plans;
    this.#tables = tables;
    this.#typeColumn = plans.findIndex(({ byFile }) => byFile);
    this.#builder = new HistoryBuilder(
      plans.map(({ breakdown, side, byFile }, column) => {
        return { breakdown, side, byFile, notStated: tables.extracts.notStated(column) };
      }),
    );
  }

  static async open(
    sources: HistorySources,
    plans: readonly ValuePlan[],
    reading: SourceReading,
  ): Promise<HistoryReader> {
    const { facts, rollups } = sources;
    const terms = {
      record: new TermNumbers(await facts.terms("record")),
      parent: new TermNumbers(await facts.terms("parent")),
      owner: new TermNumbers(await facts.terms("owner")),
      community: new TermNumbers(await facts.terms("community")),
    };
    const memberships = await MembershipTable.read(facts, terms);
    const deletions = await toldDeletions(facts);
    const extracts = await Extracts.open({ rollups, plans, reading });
    return new HistoryReader(sources, plans, { terms, memberships, deletions, extracts });
  }

  async read(records: readonly (readonly StoredRecordLine[])[]): Promise<ReadRecords> {
    return { records, read: await this.#tables.extracts.read(records.flat()) };
  }

  /** How many records these are. */
  async add({ records, read }: ReadRecords): Promise<number> {
    const extracts = await this.#tables.extracts.pack(read);
    let next = 0;
    for (const lines of records) {
      this.#addRecord(lines, extracts.slice(next, next + lines.length));
      next += lines.length;
    }
    return records.length;
  }

  async finish(): Promise<Pick<BuiltHistory, "history" | "labels" | "terms">> {
    const { record, parent, owner, community } = this.#tables.terms;
    const history = this.#builder.finish(community.texts);
    const labels = await this.#sources.rollups.terms("label");
    return {
      history,
      labels: this.#pool.labels(this.#plans, { records: record.texts, labels }),
      terms: { record: record.split(), parent: parent.split(), owner: owner.split(), community: community.split() },
    };
  }

  #addRecord(lines: readonly StoredRecordLine[], extracts: readonly Uint8Array[]): void {
    const [first] = lines;
    const newest = lines.at(-1);
    if (first === undefined || newest === undefined) return;
    const code = this.#tables.terms.record.of(first.record);
    this.#builder.add({
      code,
      created: first.created,
      published: newest.published,
      states: lines.map((line, index) => this.#state(line, extracts[index] ?? NO_BYTES)),
      deletions: deletionIntervals(lines, this.#tables.deletions.get(first.record) ?? []),
      memberships: this.#tables.memberships.of(code) ?? this.#fallback(first, newest),
    });
    this.#pool.add(
      code,
      extracts.map((extract, index) => ({
        extract,
        began: index === 0 ? first.created : (lines[index]?.updated ?? 0),
      })),
    );
  }

  #state(line: StoredRecordLine, extract: Uint8Array): RecordInput["states"][number] {
    const { parent, owner } = this.#tables.terms;
    return {
      from: line.updated,
      parent: parent.of(line.parent),
      owner: line.owner === null ? NO_TERM : owner.of(line.owner),
      withFiles: line.filesEnabled,
      files: line.files.map(({ key, bytes, checksum, type }) => ({ key, bytes, checksum, type: this.#typeCode(type) })),
      values: this.#values(line, extract),
    };
  }

  #values(line: StoredRecordLine, extract: Uint8Array): readonly number[][] {
    const values: number[][] = this.#plans.map(() => []);
    readExtract(extract, this.#plans.length, (column, value) => values[column]?.push(value));
    this.#plans.forEach(({ byFile }, column) => {
      if (byFile) values[column] = this.#types(line, column);
    });
    return values;
  }

  #types({ files }: StoredRecordLine, column: number): number[] {
    const types = new Set<number>();
    for (const { type } of files) if (type !== null && type !== "") types.add(this.#tables.extracts.code(column, type));
    return [...types];
  }

  #typeCode(type: string | null): number {
    const isStated = this.#typeColumn >= 0 && type !== null && type !== "";
    return isStated ? this.#tables.extracts.code(this.#typeColumn, type) : NO_TERM;
  }

  /** A record without membership lines: in the communities of its newest state, from its creation on (T9.1 decision 7). */
  #fallback(first: StoredRecordLine, newest: StoredRecordLine): readonly CommunityInterval[] {
    const ids = [...new Set(newest.communities)].filter((id) => id !== GLOBAL_KEY);
    const codes = ids.map((id) => this.#tables.terms.community.of(id)).toSorted((a, b) => a - b);
    return codes.map((community) => ({ community, open: first.created, close: Infinity }));
  }
}
const NO_BYTES = new Uint8Array(0);

async function toldDeletions(facts: FactStore): Promise<ReadonlyMap<string, readonly number[]>> {
  const told = new Map<string, number[]>();
  for await (const { record, at } of facts.deletionLines()) told.set(record, [...(told.get(record) ?? []), at]);
  return told;
}
