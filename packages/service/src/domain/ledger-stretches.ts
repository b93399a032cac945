import { IntColumn } from "./columns.ts";
import { IDLE, type Activity } from "./ledger-activity.ts";
import type { CountedColumn } from "./ledger-files.ts";
import type { RecordHistory } from "./record-history.ts";

/** Where the keys of each sort of thing begin. Records, parents and what comes together have one key per class of the files switch. */
export interface ThingKeys {
  /** Records begin at 0. */
  readonly parents: number;
  /** The only record with its parent. */
  readonly together: number;
  readonly works: number;
  /** All files of a record whose files never change, then the single files of the others. */
  readonly fileSets: number;
  readonly end: number;
}

/** The stretches of one group of works, numbered from 0 on: its records and parents, and per value the stretches that carry it. */
export class WorkStretches {
  records = 0;
  keys: ThingKeys = { parents: 0, together: 0, works: 0, fileSets: 0, end: 0 };
  valueCount = 0;
  /** By local value: its code, and where its stretches begin in `tokens`. */
  values = new Int32Array(16);
  tokenStart = new Int32Array(17);
  /** Stretches by value, each in order of their first day. */
  tokens = new Int32Array(16);

  readonly #history: RecordHistory;
  #activity: Activity = IDLE;
  readonly #column: CountedColumn;
  readonly #localValue: Int32Array;
  #from = 0;
  readonly #recordOf = new IntColumn();
  readonly #parentOf = new IntColumn();
  readonly #parents = new IntColumn();
  readonly #fileKeys = new IntColumn();
  #order = new Int32Array(16);

  constructor(history: RecordHistory, column: CountedColumn) {
    this.#history = history;
    this.#column = column;
    this.#localValue = new Int32Array(column.codes).fill(-1);
  }

  begin(activity: Activity): void {
    this.#activity = activity;
  }

  load(from: number, to: number): void {
    this.#from = from;
    this.#numberRecords(to);
    this.#numberParents(to);
    this.#assignKeys(to);
    this.#sortByFirstDay(to);
    this.#groupByValue(to - from);
  }

  recordOf(at: number): number {
    return this.#recordOf.array[at - this.#from] ?? 0;
  }

  parentOf(at: number): number {
    return this.#parentOf.array[at - this.#from] ?? 0;
  }

  /** First key of the single files of a record whose files change, or -1. */
  fileKeysOf(record: number): number {
    return this.#fileKeys.array[record] ?? -1;
  }

  #numberRecords(to: number): void {
    const { record } = this.#activity;
    this.records = 0;
    this.#recordOf.length = 0;
    for (let at = this.#from; at < to; at++) {
      if (at === this.#from || record[at] !== record[at - 1]) this.records++;
      this.#recordOf.push(this.records - 1);
    }
  }

  #numberParents(to: number): void {
    const { parent } = this.#history.states;
    this.#parents.length = 0;
    this.#parentOf.length = 0;
    for (let at = this.#from; at < to; at++) this.#parentOf.push(this.#localParent(parent[this.#state(at)] ?? 0));
  }

  /** Nearly always there is one parent. */
  #localParent(parent: number): number {
    const { array, length } = this.#parents;
    for (let local = 0; local < length; local++) if (array[local] === parent) return local;
    this.#parents.push(parent);
    return length;
  }

  #assignKeys(to: number): void {
    const parents = 2 * this.records;
    const together = parents + 2 * this.#parents.length;
    const works = together + 2;
    const fileSets = works + this.#parents.length;
    this.#fileKeys.length = 0;
    let end = fileSets + this.records;
    for (let start = this.#from, next = start; start < to; start = next) {
      while (next < to && this.recordOf(next) === this.recordOf(start)) next++;
      const files = this.#changingFiles(start, next);
      this.#fileKeys.push(files < 0 ? -1 : end);
      end += Math.max(0, files);
    }
    this.keys = { parents, together, works, fileSets, end };
  }

  /** How many different files the stretches of a record name, or -1 where all have the same. */
  #changingFiles(from: number, to: number): number {
    const { fileSet } = this.#history.states;
    const { setStart, id } = this.#history.files;
    const only = fileSet[this.#state(from)] ?? 0;
    let changes = false;
    let greatest = -1;
    for (let at = from; at < to; at++) {
      const set = fileSet[this.#state(at)] ?? 0;
      changes ||= set !== only;
      // Ids ascend within a set.
      if ((setStart[set + 1] ?? 0) > (setStart[set] ?? 0))
        greatest = Math.max(greatest, id[(setStart[set + 1] ?? 0) - 1] ?? 0);
    }
    return changes ? greatest + 1 : -1;
  }

  #state(at: number): number {
    return this.#activity.state[at] ?? 0;
  }

  #sortByFirstDay(to: number): void {
    const count = to - this.#from;
    const { first } = this.#activity;
    if (this.#order.length < count) this.#order = new Int32Array(count * 2);
    const order = this.#order;
    for (let index = 0; index < count; index++) order[index] = this.#from + index;
    if (this.records === 1) return;
    if (count > FEW) {
      order.subarray(0, count).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b);
      return;
    }
    for (let index = 1; index < count; index++) this.#insert(index);
  }

  #insert(index: number): void {
    const { first } = this.#activity;
    const order = this.#order;
    const at = order[index] ?? 0;
    let free = index;
    for (; free > 0 && (first[order[free - 1] ?? 0] ?? 0) > (first[at] ?? 0); free--)
      order[free] = order[free - 1] ?? 0;
    order[free] = at;
  }

  #groupByValue(count: number): void {
    const { setOf, setStart, setValues } = this.#column;
    this.#countValues(count);
    const next = this.tokenStart;
    for (let index = count - 1; index >= 0; index--) {
      const at = this.#order[index] ?? 0;
      const set = setOf[this.#state(at)] ?? 0;
      for (let value = setStart[set] ?? 0; value < (setStart[set + 1] ?? 0); value++) {
        const local = this.#localValue[setValues[value] ?? 0] ?? 0;
        const token = (next[local] ?? 0) - 1;
        next[local] = token;
        this.tokens[token] = at;
      }
    }
    for (let local = 0; local < this.valueCount; local++) this.#localValue[this.values[local] ?? 0] = -1;
  }

  /** Numbers the values and leaves in `tokenStart` where the stretches of each end. */
  #countValues(count: number): void {
    const { setOf, setStart, setValues } = this.#column;
    this.valueCount = 0;
    for (let index = 0; index < count; index++) {
      const set = setOf[this.#state(this.#order[index] ?? 0)] ?? 0;
      for (let value = setStart[set] ?? 0; value < (setStart[set + 1] ?? 0); value++)
        this.#countValue(setValues[value] ?? 0);
    }
    let total = 0;
    for (let local = 0; local < this.valueCount; local++) {
      total += this.tokenStart[local] ?? 0;
      this.tokenStart[local] = total;
    }
    this.tokenStart[this.valueCount] = total;
    if (this.tokens.length < total) this.tokens = new Int32Array(total * 2);
  }

  #countValue(code: number): void {
    let local = this.#localValue[code] ?? -1;
    if (local < 0) {
      local = this.valueCount++;
      if (local === this.values.length) this.#growValues();
      this.#localValue[code] = local;
      this.values[local] = code;
      this.tokenStart[local] = 0;
    }
    this.tokenStart[local] = (this.tokenStart[local] ?? 0) + 1;
  }

  #growValues(): void {
    const values = new Int32Array(this.values.length * 2);
    values.set(this.values);
    const tokenStart = new Int32Array(values.length + 1);
    tokenStart.set(this.tokenStart);
    this.values = values;
    this.tokenStart = tokenStart;
  }
}

/** Up to so many, sorting in place is faster than calling the engine's sort. */
const FEW = 32;
