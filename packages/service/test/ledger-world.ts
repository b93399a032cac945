import { parseInstant } from "@community-stats/contract/days.ts";
import { RECORD_COUNTERS, type RecordCounter } from "@community-stats/contract/counters.ts";
import { HistoryBuilder } from "../src/domain/history-builder.ts";
import type { LedgerBook } from "../src/domain/ledger.ts";
import { unpackRecordDays, unpackRecordRows } from "../src/domain/record-packing.ts";
import type { RecordHistory } from "../src/domain/record-history.ts";

/** A small world of records, written by hand or at random. Instants are epoch milliseconds. */
export interface WorldFile {
  readonly key: string;
  readonly bytes: number | null;
  readonly checksum?: string;
  readonly type?: string;
}
export interface WorldState {
  readonly from: number;
  readonly parent: string;
  readonly owner: string | null;
  readonly withFiles: boolean;
  readonly files: readonly WorldFile[];
  /** Values of the breakdown "kinds". */
  readonly kinds: readonly string[];
}
export interface WorldSpan {
  readonly open: number;
  readonly close: number;
}
export interface WorldRecord {
  readonly id: string;
  readonly created: number;
  readonly published: number | null;
  readonly states: readonly WorldState[];
  readonly deletions: readonly WorldSpan[];
  readonly memberships: readonly (WorldSpan & { readonly community: string })[];
}

export function instant(text: string): number {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Error(`${text} is no instant`);
  return parsed;
}

/** Texts by code, for one kind of term. */
export class Codes {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();
  constructor(first: readonly string[] = []) {
    for (const text of first) this.of(text);
  }
  of(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

export interface World {
  readonly history: RecordHistory;
  readonly kinds: readonly string[];
  readonly types: readonly string[];
  readonly communities: readonly string[];
}

/** The history of the world with two breakdowns: "kinds" from the states, "file_types" from their files. */
export function worldOf(records: readonly WorldRecord[]): World {
  const codes = { record: new Codes(), parent: new Codes(), owner: new Codes(), community: new Codes() };
  const kinds = new Codes([""]);
  const types = new Codes([""]);
  const builder = new HistoryBuilder([
    { breakdown: "kinds", side: "both", byFile: false, notStated: 0 },
    { breakdown: "file_types", side: "both", byFile: true, notStated: 0 },
  ]);
  for (const record of records) {
    builder.add({
      code: codes.record.of(record.id),
      created: record.created,
      published: record.published,
      deletions: record.deletions,
      memberships: record.memberships
        .map(({ community, open, close }) => ({ community: codes.community.of(community), open, close }))
        .toSorted((a, b) => a.community - b.community || a.open - b.open),
      states: record.states.map((state) => ({
        from: state.from,
        parent: codes.parent.of(state.parent),
        owner: state.owner === null ? -1 : codes.owner.of(state.owner),
        withFiles: state.withFiles,
        files: state.files.map(({ key, bytes, checksum, type }) => {
          return { key, bytes, checksum: checksum ?? null, type: type === undefined ? -1 : types.of(type) };
        }),
        values: [
          [...new Set(state.kinds.map((kind) => kinds.of(kind)))],
          [...new Set(state.files.flatMap(({ type }) => (type === undefined ? [] : [types.of(type)])))],
        ],
      })),
    });
  }
  const communities = codes.community.texts;
  return { history: builder.finish(communities), kinds: kinds.texts, types: types.texts, communities };
}

export type Counters = Partial<Record<RecordCounter, number>>;

/** Rows of a book as "breakdown/value/day" → the counters that are not zero. Days are day numbers. */
export function rowsOf(book: LedgerBook, world: World): Record<string, Counters> {
  const rows: Record<string, Counters> = {};
  for (const { breakdown, data } of book.years) {
    unpackRecordDays(data, (day, key, counters) => {
      rows[`${breakdown}/${valueText(world, breakdown, key)}/${day}`] = named(counters);
    });
  }
  return rows;
}

/** Sums of a checkpoint by "breakdown/value/year". */
export function checkpointsOf(book: LedgerBook, world: World): Record<string, Counters> {
  const rows: Record<string, Counters> = {};
  for (const { breakdown, year, data } of book.checkpoints) {
    unpackRecordRows(data, (key, counters) => {
      rows[`${breakdown}/${valueText(world, breakdown, key)}/${year}`] = named(counters);
    });
  }
  return rows;
}

function valueText(world: World, breakdown: string, key: number): string {
  if (breakdown === "") return "";
  return (breakdown === "kinds" ? world.kinds : world.types)[key] || "-";
}

function named(counters: ArrayLike<number>): Counters {
  const found: Counters = {};
  RECORD_COUNTERS.forEach((name, index) => {
    const count = counters[index] ?? 0;
    if (count !== 0) found[name] = count;
  });
  return found;
}
