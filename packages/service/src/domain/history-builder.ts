import { FloatColumn, IntColumn, sharedFloat64, sharedInt32, sharedUint8 } from "./columns.ts";
import { FileSets, type FileInput } from "./file-sets.ts";
import { groupedOrder } from "./history-groups.ts";
import type { Interval } from "./intervals.ts";
import { NO_DAY, type RecordHistory } from "./record-history.ts";
import { ValueSets, type ValueSpec } from "./value-sets.ts";

export interface StateInput {
  /** `updated` of the line. */
  readonly from: number;
  /** FactStore codes; -1 for no owner. */
  readonly parent: number;
  readonly owner: number;
  readonly withFiles: boolean;
  readonly files: readonly FileInput[];
  /** Distinct value codes per value column, in any order; empty where nothing is stated. */
  readonly values: readonly ArrayLike<number>[];
}

export interface CommunityInterval extends Interval {
  readonly community: number;
}

/** One record with its whole history; states ascend by `from`, deletions and each community's intervals by `open`. */
export interface RecordInput {
  readonly code: number;
  readonly created: number;
  /** First day of the publication date, or null. */
  readonly published: number | null;
  readonly states: readonly StateInput[];
  readonly deletions: readonly Interval[];
  readonly memberships: readonly CommunityInterval[];
}

/** Collects records, in any order, into the columns of a `RecordHistory`. A record given again replaces what was given before. */
export class HistoryBuilder {
  readonly #code = new IntColumn();
  readonly #created = new FloatColumn();
  readonly #published = new IntColumn();
  readonly #firstState = new IntColumn();
  readonly #firstDeletion = new IntColumn();
  readonly #firstMembership = new IntColumn();
  readonly #from = new FloatColumn();
  readonly #parent = new IntColumn();
  readonly #owner = new IntColumn();
  readonly #withFiles = new IntColumn();
  readonly #fileSet = new IntColumn();
  readonly #deletionOpen = new FloatColumn();
  readonly #deletionClose = new FloatColumn();
  readonly #community = new IntColumn();
  readonly #membershipOpen = new FloatColumn();
  readonly #membershipClose = new FloatColumn();
  readonly #files = new FileSets();
  readonly #values: readonly ValueSets[];

  constructor(values: readonly ValueSpec[]) {
    this.#values = values.map((spec) => new ValueSets(spec));
  }

  add(record: RecordInput): void {
    this.#code.push(record.code);
    this.#created.push(record.created);
    this.#published.push(record.published ?? NO_DAY);
    this.#firstState.push(this.#from.length);
    this.#firstDeletion.push(this.#deletionOpen.length);
    this.#firstMembership.push(this.#community.length);
    this.#files.beginRecord();
    for (const values of this.#values) values.beginRecord();
    for (const state of record.states) this.#addState(state);
    for (const deletion of record.deletions) this.#addDeletion(deletion);
    for (const membership of record.memberships) this.#addMembership(membership);
  }

  /** The columns; the builder is spent afterwards. `communities` are the ids by community code. */
  finish(communities: readonly string[]): RecordHistory {
    this.#firstState.push(this.#from.length);
    this.#firstDeletion.push(this.#deletionOpen.length);
    this.#firstMembership.push(this.#community.length);
    const { order, group } = groupedOrder({
      code: this.#code,
      firstState: this.#firstState,
      parent: this.#parent,
    });
    const states = new Gather(order, this.#firstState);
    const deletions = new Gather(order, this.#firstDeletion);
    const memberships = new Gather(order, this.#firstMembership);
    const code = sharedInt32(order.length);
    order.forEach((from, to) => (code[to] = this.#code.array[from] ?? -1));
    return {
      records: {
        count: order.length,
        indexOfCode: indexByCode(code),
        code,
        group,
        created: pickFloats(order, this.#created),
        published: pickInts(order, this.#published),
        firstState: states.starts,
        firstDeletion: deletions.starts,
        firstMembership: memberships.starts,
      },
      states: {
        count: states.length,
        from: states.floats(this.#from),
        parent: states.ints(this.#parent),
        owner: states.ints(this.#owner),
        withFiles: states.bytes(this.#withFiles),
        fileSet: states.ints(this.#fileSet),
      },
      files: this.#files.finish(),
      deletions: { open: deletions.floats(this.#deletionOpen), close: deletions.floats(this.#deletionClose) },
      memberships: {
        community: memberships.ints(this.#community),
        open: memberships.floats(this.#membershipOpen),
        close: memberships.floats(this.#membershipClose),
      },
      values: this.#values.map((values) => values.finish((column) => states.ints(column))),
      communities,
    };
  }

  #addState(state: StateInput): void {
    this.#from.push(state.from);
    this.#parent.push(state.parent);
    this.#owner.push(state.owner);
    this.#withFiles.push(state.withFiles ? 1 : 0);
    this.#fileSet.push(this.#files.add(state.files));
    this.#values.forEach((values, column) => values.add(state.values[column] ?? NOTHING));
  }

  #addDeletion({ open, close }: Interval): void {
    this.#deletionOpen.push(open);
    this.#deletionClose.push(close);
  }

  #addMembership({ community, open, close }: CommunityInterval): void {
    this.#community.push(community);
    this.#membershipOpen.push(open);
    this.#membershipClose.push(close);
  }
}
const NOTHING: readonly number[] = [];

/** Copies the elements of records into shared columns, record by record in a new order. */
class Gather {
  readonly starts: Int32Array;
  readonly length: number;
  readonly #order: Int32Array;
  readonly #from: Int32Array;

  constructor(order: Int32Array, starts: IntColumn) {
    this.#order = order;
    this.#from = starts.array;
    this.starts = sharedInt32(order.length + 1);
    let length = 0;
    order.forEach((record, index) => {
      this.starts[index] = length;
      length += (this.#from[record + 1] ?? 0) - (this.#from[record] ?? 0);
    });
    this.starts[order.length] = length;
    this.length = length;
  }

  ints(column: IntColumn): Int32Array {
    const shared = sharedInt32(this.length);
    this.#each((from, to) => (shared[to] = column.array[from] ?? 0));
    return shared;
  }

  bytes(column: IntColumn): Uint8Array {
    const shared = sharedUint8(this.length);
    this.#each((from, to) => (shared[to] = column.array[from] ?? 0));
    return shared;
  }

  floats(column: FloatColumn): Float64Array {
    const shared = sharedFloat64(this.length);
    this.#each((from, to) => (shared[to] = column.array[from] ?? 0));
    return shared;
  }

  #each(copy: (from: number, to: number) => void): void {
    let to = 0;
    for (const record of this.#order) {
      const end = this.#from[record + 1] ?? 0;
      for (let from = this.#from[record] ?? 0; from < end; from++) copy(from, to++);
    }
  }
}

function pickInts(order: Int32Array, column: IntColumn): Int32Array {
  const shared = sharedInt32(order.length);
  order.forEach((from, to) => (shared[to] = column.array[from] ?? 0));
  return shared;
}

function pickFloats(order: Int32Array, column: FloatColumn): Float64Array {
  const shared = sharedFloat64(order.length);
  order.forEach((from, to) => (shared[to] = column.array[from] ?? 0));
  return shared;
}

function indexByCode(code: Int32Array): Int32Array {
  let greatest = -1;
  for (const one of code) if (one > greatest) greatest = one;
  const index = sharedInt32(greatest + 1).fill(-1);
  code.forEach((one, at) => (index[one] = at));
  return index;
}
