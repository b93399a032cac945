import { createHash } from "node:crypto";
import { sharedUint8 } from "../domain/columns.ts";
import type { RecordHistory, ValueColumn } from "../domain/record-history.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import { grownTerms, type SavedTerms, withGrownTerms } from "./grown-terms.ts";
import { extractDefinition, type ValuePlan } from "./value-columns.ts";

/** Raise it when the columns of a history change. */
const HISTORY_VERSION = 1;

export interface HistoryPlace {
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly plans: readonly ValuePlan[];
}

/** What is kept of a history beside its columns. */
interface Head {
  readonly recordSeq: number;
  readonly columns: number;
  /** sha256 of the columns: a history that was written by halves is not one. */
  readonly digest: string;
  readonly terms: SavedTerms;
  readonly records: number;
  readonly states: number;
  readonly values: readonly Omit<ValueColumn, "setOf" | "setStart" | "setValues">[];
  readonly communities: readonly string[];
}

/**
 * Keeps a history as columns in the rollup store, so that a day more of use need not read all record facts again. It is derived: whatever
 * does not fit the facts of the moment is read anew.
 */
export async function saveHistory(
  place: HistoryPlace,
  history: RecordHistory,
  { recordSeq, terms }: Pick<Head, "recordSeq" | "terms">,
) {
  const columns = columnsOf(history).map(bytesOf);
  const head: Head = {
    recordSeq,
    terms,
    columns: columns.length,
    digest: digestOf(columns),
    records: history.records.count,
    states: history.states.count,
    values: history.values.map(({ setOf: _of, setStart: _start, setValues: _values, ...spec }) => spec),
    communities: history.communities,
  };
  const entries = [new TextEncoder().encode(JSON.stringify(head)), ...columns];
  await place.rollups.writeExtracts(nameOf(place), new Map(entries.entries()));
}

/** The kept history of exactly these record facts, or null. */
export async function savedHistory(place: HistoryPlace, recordSeq: number): Promise<RecordHistory | null> {
  const entries = await place.rollups.extracts(nameOf(place));
  const written = entries.get(0);
  if (written === undefined) return null;
  const head: Head = JSON.parse(new TextDecoder().decode(written));
  if (head.recordSeq !== recordSeq) return null;
  const columns = Array.from({ length: head.columns }, (_, index) => entries.get(index + 1) ?? NOTHING);
  if (digestOf(columns) !== head.digest) return null;
  const grown = await grownTerms(place.facts, head.terms);
  return withGrownTerms(historyOf(head, new Columns(columns)), grown);
}
const NOTHING = new Uint8Array(0);

function nameOf({ plans }: Pick<HistoryPlace, "plans">): string {
  return `history ${HISTORY_VERSION} ${extractDefinition(plans)}`;
}

/** Forgets all that was kept to save time, but what was read out of record facts by these plans and what is named. */
export async function forgetOtherExtracts(
  { rollups, plans }: Pick<HistoryPlace, "rollups" | "plans">,
  named: readonly string[] = [],
): Promise<void> {
  await rollups.dropExtractsExcept([extractDefinition(plans), nameOf({ plans }), ...named]);
}

function digestOf(columns: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const column of columns) hash.update(`${column.length} `).update(column);
  return hash.digest("hex");
}

type Column = Int32Array | Float64Array | Uint8Array;

/** All columns, in the order in which `historyOf` takes them. */
function columnsOf({ records, states, files, deletions, memberships, values }: RecordHistory): readonly Column[] {
  const ofRecords = [records.indexOfCode, records.code, records.group, records.created, records.published];
  const starts = [records.firstState, records.firstDeletion, records.firstMembership];
  const ofStates = [states.from, states.parent, states.owner, states.withFiles, states.fileSet];
  const ofFiles = [files.setStart, files.setBytes, files.id, files.bytes, files.type];
  const intervals = [deletions.open, deletions.close, memberships.community, memberships.open, memberships.close];
  const ofValues = values.flatMap(({ setOf, setStart, setValues }) => [setOf, setStart, setValues]);
  return [...ofRecords, ...starts, ...ofStates, ...ofFiles, ...intervals, ...ofValues];
}

function historyOf(head: Head, columns: Columns): RecordHistory {
  // Properties are evaluated in the order written: that of `columnsOf`.
  return {
    records: {
      count: head.records,
      indexOfCode: columns.ints(),
      code: columns.ints(),
      group: columns.ints(),
      created: columns.floats(),
      published: columns.ints(),
      firstState: columns.ints(),
      firstDeletion: columns.ints(),
      firstMembership: columns.ints(),
    },
    states: {
      count: head.states,
      from: columns.floats(),
      parent: columns.ints(),
      owner: columns.ints(),
      withFiles: columns.bytes(),
      fileSet: columns.ints(),
    },
    files: {
      setStart: columns.ints(),
      setBytes: columns.floats(),
      id: columns.ints(),
      bytes: columns.floats(),
      type: columns.ints(),
    },
    deletions: { open: columns.floats(), close: columns.floats() },
    memberships: { community: columns.ints(), open: columns.floats(), close: columns.floats() },
    values: head.values.map((spec) => ({
      ...spec,
      setOf: columns.ints(),
      setStart: columns.ints(),
      setValues: columns.ints(),
    })),
    communities: head.communities,
  };
}

/** Gives the columns one after the other, on shared memory. */
class Columns {
  readonly #columns: readonly Uint8Array[];
  #next = 0;

  constructor(columns: readonly Uint8Array[]) {
    this.#columns = columns;
  }

  ints(): Int32Array {
    return new Int32Array(this.bytes().buffer);
  }

  floats(): Float64Array {
    return new Float64Array(this.bytes().buffer);
  }

  bytes(): Uint8Array {
    const bytes = this.#columns[this.#next++] ?? NOTHING;
    const shared = sharedUint8(bytes.length);
    shared.set(bytes);
    return shared;
  }
}

function bytesOf(column: Column): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
