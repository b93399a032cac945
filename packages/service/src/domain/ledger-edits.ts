import { FOREVER, type Activity } from "./ledger-activity.ts";
import type { Bookings } from "./ledger-bookings.ts";
import { countsTypedFiles, FileCounter, NO_FILES } from "./ledger-files.ts";
import { ValueCursor, type ColumnView } from "./ledger-states.ts";
import { ALL, FILES, RECORD_AND_PARENT, type ChangeCodes } from "./record-codes.ts";
import type { FileColumns, RecordHistory } from "./record-history.ts";

/** Positions of a record's stretches. */
interface Stay {
  readonly from: number;
  readonly to: number;
}

/** Two stretches of a record that follow each other, and the day on which the later one begins. */
interface Edit {
  readonly before: number;
  readonly after: number;
  readonly day: number;
}

/**
 * Books a record that is edited while it stays. As no two of its edits share a day, S and E of rule T3 are the states around the edit,
 * and a thing that only one of them has was added or removed.
 */
export class EditBooking {
  readonly #view: ColumnView;
  readonly #bookings: Bookings;
  readonly #files: FileColumns;
  readonly #counter: FileCounter;
  readonly #old: ValueCursor;
  readonly #new: ValueCursor;
  #codes: ChangeCodes = ALL;

  constructor(history: RecordHistory, view: ColumnView, bookings: Bookings) {
    this.#view = view;
    this.#bookings = bookings;
    this.#files = history.files;
    this.#counter = new FileCounter(history.files);
    this.#old = new ValueCursor(view);
    this.#new = new ValueCursor(view);
  }

  /** The stretches of one record. `codes` tell whether only the record itself is booked here, or its parent and work, too. */
  book({ change, first, last }: Activity, { from, to }: Stay, codes: ChangeCodes): void {
    this.#codes = codes;
    this.#bookAll(from, first[from] ?? 0);
    for (let at = from + 1; at < to; at++) {
      if (((change[at] ?? 0) & this.#view.sees) === 0) continue;
      this.#bookEdit({ before: at - 1, after: at, day: first[at] ?? 0 });
    }
    const end = last[to - 1] ?? 0;
    if (end !== FOREVER) this.#bookNone(to - 1, end);
  }

  #bookAll(at: number, day: number): void {
    const count = this.#new.load(at);
    for (let index = 0; index < count; index++) this.#come(this.#new.value(index), at, day);
  }

  #bookNone(at: number, day: number): void {
    const count = this.#old.load(at);
    for (let index = 0; index < count; index++) this.#go(this.#old.value(index), at, day);
  }

  /** Values ascend on both sides. */
  #bookEdit(edit: Edit): void {
    const { before, after, day } = edit;
    const left = this.#old.load(before);
    const right = this.#new.load(after);
    for (let a = 0, b = 0; a < left || b < right;) {
      const old = a < left ? this.#old.value(a) : Infinity;
      const now = b < right ? this.#new.value(b) : Infinity;
      if (old === now) this.#stay(old, edit);
      else if (old < now) this.#go(old, before, day);
      else this.#come(now, after, day);
      if (old <= now) a++;
      if (now <= old) b++;
    }
  }

  #come(value: number, at: number, day: number): void {
    this.#bookings.add(day, value, this.#codes.add + this.#kindOf(at), this.#filesOf(value, at));
  }

  #go(value: number, at: number, day: number): void {
    this.#bookings.add(day, value, this.#codes.remove + this.#kindOf(at), this.#filesOf(value, at));
  }

  /** The value stays: files that changed, and the class where the switch did. The work stays, too. */
  #stay(value: number, edit: Edit): void {
    const old = this.#kindOf(edit.before);
    const now = this.#kindOf(edit.after);
    if (old !== now) {
      const { remove, add } = this.#codes === ALL ? RECORD_AND_PARENT : this.#codes;
      this.#bookings.add(edit.day, value, remove + old, NO_FILES);
      this.#bookings.add(edit.day, value, add + now, NO_FILES);
    }
    const { fileSet } = this.#view.states;
    if (fileSet[edit.before] === fileSet[edit.after]) return;
    this.#bookMissing(value, edit, FILES.remove);
    this.#bookMissing(value, { ...edit, before: edit.after, after: edit.before }, FILES.add);
  }

  /** Books the files of the one stretch that the other one has not. */
  #bookMissing(value: number, { before, after, day }: Edit, code: number): void {
    const { setStart, id, bytes } = this.#files;
    const own = this.#view.states.fileSet[before] ?? 0;
    const other = this.#view.states.fileSet[after] ?? 0;
    let files = 0;
    let sum = 0;
    let there = setStart[other] ?? 0;
    const thereEnd = setStart[other + 1] ?? 0;
    for (let at = setStart[own] ?? 0; at < (setStart[own + 1] ?? 0); at++) {
      if (!this.#isCounted(at, value)) continue;
      // Ids ascend within a set.
      while (there < thereEnd && (id[there] ?? 0) < (id[at] ?? 0)) there++;
      if (there < thereEnd && id[there] === id[at] && this.#isCounted(there, value)) continue;
      files++;
      sum += bytes[at] ?? 0;
    }
    if (files > 0) this.#bookings.add(day, value, code, this.#bookings.amounts.add(files, sum));
  }

  /** Refers to the files of a stretch that count under the value. */
  #filesOf(value: number, at: number): number {
    const { states, column } = this.#view;
    if (!countsTypedFiles(column, value)) return states.filesOf[at] ?? NO_FILES;
    this.#counter.count(states.fileSet[at] ?? 0, column, value);
    return this.#bookings.amounts.add(this.#counter.files, this.#counter.bytes);
  }

  #isCounted(file: number, value: number): boolean {
    return !countsTypedFiles(this.#view.column, value) || this.#files.type[file] === value;
  }

  #kindOf(at: number): number {
    return this.#view.states.kind[at] ?? 0;
  }
}
