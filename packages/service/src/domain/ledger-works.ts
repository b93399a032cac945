import { IntColumn } from "./columns.ts";
import type { Bookings } from "./ledger-bookings.ts";
import { FOREVER, IDLE, type Activity } from "./ledger-activity.ts";
import { countsTypedFiles, FileCounter, NO_FILES, type CountedColumn } from "./ledger-files.ts";
import { WorkStretches } from "./ledger-stretches.ts";
import { ALL, FILES, PARENT, RECORD, WORK, type ChangeCodes } from "./record-codes.ts";
import type { RecordHistory } from "./record-history.ts";

/**
 * Books works with several versions or with changes. Per value, the stretches that carry it are laid over each other for every thing that
 * is counted: (record, class), (parent, class), parent, file. Stretches come in order of their first day and merge where they share a day;
 * what remains is added on its first day and removed on its last. Linear in stretches × values, however many versions a work has.
 */
export class WorkBooking {
  readonly #history: RecordHistory;
  readonly #work: WorkStretches;
  readonly #files: FileCounter;
  readonly #column: CountedColumn;
  readonly #bookings: Bookings;
  #activity: Activity = IDLE;
  #value = 0;

  /** By key of a thing (`WorkStretches.keys`): its present stretch, its files and their bytes. */
  #open = new Int32Array(0);
  #close = new Int32Array(0);
  #filesOf = new Int32Array(0);
  #bytesOf = new Float64Array(0);
  readonly #touched = new IntColumn();

  constructor(history: RecordHistory, column: CountedColumn, bookings: Bookings) {
    this.#history = history;
    this.#column = column;
    this.#bookings = bookings;
    this.#work = new WorkStretches(history, column);
    this.#files = new FileCounter(history.files);
  }

  begin(activity: Activity): void {
    this.#activity = activity;
    this.#work.begin(activity);
  }

  /** Books the stretches from..to, which are all those of the works that share records. */
  book(from: number, to: number): void {
    this.#work.load(from, to);
    this.#makeRoom(this.#work.keys.end);
    for (let local = 0; local < this.#work.valueCount; local++) this.#bookValue(local);
  }

  #bookValue(local: number): void {
    const work = this.#work;
    const end = work.tokenStart[local + 1] ?? 0;
    const together = work.records === 1 && this.#isOneKind(local);
    this.#value = work.values[local] ?? 0;
    for (let token = work.tokenStart[local] ?? 0; token < end; token++) {
      const at = work.tokens[token] ?? 0;
      if (together) this.#touch(work.keys.together + this.#kindOf(at), at);
      else this.#touchClasses(at);
      this.#touchFiles(at);
    }
    for (let index = 0; index < this.#touched.length; index++) this.#bookThing(this.#touched.array[index] ?? 0);
    this.#touched.length = 0;
  }

  /** Whether class and parent are the same throughout: then record, parent and work come and go together. */
  #isOneKind(local: number): boolean {
    const { tokens, tokenStart } = this.#work;
    const { withFiles, parent } = this.#history.states;
    const start = tokenStart[local] ?? 0;
    const a = this.#stateOf(tokens[start] ?? 0);
    for (let token = start + 1; token < (tokenStart[local + 1] ?? 0); token++) {
      const b = this.#stateOf(tokens[token] ?? 0);
      if (withFiles[a] !== withFiles[b] || parent[a] !== parent[b]) return false;
    }
    return true;
  }

  #stateOf(at: number): number {
    return this.#activity.state[at] ?? 0;
  }

  #kindOf(at: number): number {
    return this.#history.states.withFiles[this.#stateOf(at)] ?? 0;
  }

  #touchClasses(at: number): void {
    const { keys } = this.#work;
    const kind = this.#kindOf(at);
    const parent = this.#work.parentOf(at);
    this.#touch(2 * this.#work.recordOf(at) + kind, at);
    this.#touch(keys.parents + 2 * parent + kind, at);
    this.#touch(keys.works + parent, at);
  }

  #touchFiles(at: number): void {
    const set = this.#history.states.fileSet[this.#stateOf(at)] ?? 0;
    const record = this.#work.recordOf(at);
    const base = this.#work.fileKeysOf(record);
    if (base >= 0) return this.#touchEachFile(at, set, base);
    this.#files.count(set, this.#column, this.#value);
    if (this.#files.files === 0) return;
    const key = this.#work.keys.fileSets + record;
    this.#filesOf[key] = this.#files.files;
    this.#bytesOf[key] = this.#files.bytes;
    this.#touch(key, at);
  }

  #touchEachFile(at: number, set: number, base: number): void {
    const { setStart, id, type, bytes } = this.#history.files;
    const typed = countsTypedFiles(this.#column, this.#value);
    const end = setStart[set + 1] ?? 0;
    for (let file = setStart[set] ?? 0; file < end; file++) {
      if (typed && type[file] !== this.#value) continue;
      const key = base + (id[file] ?? 0);
      this.#filesOf[key] = 1;
      this.#bytesOf[key] = bytes[file] ?? 0;
      this.#touch(key, at);
    }
  }

  /** Lays a stretch over what the thing already has: one that shares a day prolongs it, a later one begins anew. */
  #touch(key: number, at: number): void {
    const first = this.#activity.first[at] ?? 0;
    const last = this.#activity.last[at] ?? 0;
    const known = this.#close[key] ?? NOTHING;
    if (known === NOTHING) this.#touched.push(key);
    else if (first <= known) {
      if (last > known) this.#close[key] = last;
      return;
    } else this.#bookStretch(key);
    this.#open[key] = first;
    this.#close[key] = last;
  }

  #bookThing(key: number): void {
    this.#bookStretch(key);
    this.#close[key] = NOTHING;
  }

  #bookStretch(key: number): void {
    const bookings = this.#bookings;
    const last = this.#close[key] ?? 0;
    const { fileSets, works } = this.#work.keys;
    const isFile = key >= fileSets;
    const files = isFile ? bookings.amounts.add(this.#filesOf[key] ?? 0, this.#bytesOf[key] ?? 0) : NO_FILES;
    const { add, remove } = this.#codesOf(key);
    // Keys with two classes begin at even numbers.
    const kind = key < works ? key & 1 : 0;
    bookings.add(this.#open[key] ?? 0, this.#value, add + kind, files);
    if (last !== FOREVER) bookings.add(last, this.#value, remove + kind, files);
  }

  #codesOf(key: number): ChangeCodes {
    const { parents, together, works, fileSets } = this.#work.keys;
    if (key < parents) return RECORD;
    if (key < together) return PARENT;
    if (key < works) return ALL;
    return key < fileSets ? WORK : FILES;
  }

  #makeRoom(keys: number): void {
    if (keys <= this.#open.length) return;
    const room = keys * 2;
    this.#open = new Int32Array(room);
    this.#close = new Int32Array(room).fill(NOTHING);
    this.#filesOf = new Int32Array(room);
    this.#bytesOf = new Float64Array(room);
  }
}

/** No day stands here. */
const NOTHING = -1;
