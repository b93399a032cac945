import { FOREVER, type Activity } from "./ledger-activity.ts";
import { ALL, RECORD_AND_PARENT, type Bookings, type Masks } from "./ledger-bookings.ts";
import { countsTypedFiles, FileCounter } from "./ledger-files.ts";
import { StateView, type ColumnView } from "./ledger-states.ts";
import type { FileColumns, RecordHistory } from "./record-history.ts";

/** Positions of a record's stretches. */
interface Stay {
  readonly from: number;
  readonly to: number;
}

/** Two states of a record that follow each other, and the day on which the later one begins. */
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
  readonly #old: StateView;
  readonly #new: StateView;
  #masks: Masks = ALL;

  constructor(history: RecordHistory, view: ColumnView, bookings: Bookings) {
    this.#view = view;
    this.#bookings = bookings;
    this.#files = history.files;
    this.#counter = new FileCounter(history.files);
    this.#old = new StateView(view);
    this.#new = new StateView(view);
  }

  /** The stretches of one record. `masks` tells whether only the record itself is booked here, or its parent and work, too. */
  book({ change, state, first, last }: Activity, { from, to }: Stay, masks: Masks): void {
    this.#masks = masks;
    this.#bookAll(state[from] ?? 0, first[from] ?? 0);
    for (let at = from + 1; at < to; at++) {
      if (((change[at] ?? 0) & this.#view.sees) === 0) continue;
      this.#bookEdit({ before: state[at - 1] ?? 0, after: state[at] ?? 0, day: first[at] ?? 0 });
    }
    const end = last[to - 1] ?? 0;
    if (end !== FOREVER) this.#bookNone(state[to - 1] ?? 0, end);
  }

  #bookAll(state: number, day: number): void {
    const count = this.#new.load(state);
    for (let index = 0; index < count; index++) this.#come(this.#new.value(index), state, day);
  }

  #bookNone(state: number, day: number): void {
    const count = this.#old.load(state);
    for (let index = 0; index < count; index++) this.#go(this.#old.value(index), state, day);
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

  #come(value: number, state: number, day: number): void {
    this.#counter.count(this.#view.fileSet[state] ?? 0, this.#view.column, value);
    this.#bookings.add(day, value, this.#masks.add[this.#kindOf(state)], this.#counter.files, this.#counter.bytes);
  }

  #go(value: number, state: number, day: number): void {
    this.#counter.count(this.#view.fileSet[state] ?? 0, this.#view.column, value);
    this.#bookings.add(day, value, this.#masks.remove[this.#kindOf(state)], -this.#counter.files, -this.#counter.bytes);
  }

  /** The value stays: files that changed, and the class where the switch did. The work stays, too. */
  #stay(value: number, edit: Edit): void {
    const [old, now] = [this.#kindOf(edit.before), this.#kindOf(edit.after)];
    if (old !== now) {
      const { remove, add } = this.#masks === ALL ? RECORD_AND_PARENT : this.#masks;
      this.#bookings.add(edit.day, value, remove[old], 0, 0);
      this.#bookings.add(edit.day, value, add[now], 0, 0);
    }
    const { fileSet } = this.#view;
    if (fileSet[edit.before] === fileSet[edit.after]) return;
    this.#bookMissing(value, edit, -1);
    this.#bookMissing(value, { ...edit, before: edit.after, after: edit.before }, 1);
  }

  /** Books the files of the one state that the other one has not, with this sign. */
  #bookMissing(value: number, { before, after, day }: Edit, sign: 1 | -1): void {
    const { setStart, id, bytes } = this.#files;
    const [own, other] = [this.#view.fileSet[before] ?? 0, this.#view.fileSet[after] ?? 0];
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
    if (files > 0) this.#bookings.add(day, value, 0, sign * files, sign * sum);
  }

  #isCounted(file: number, value: number): boolean {
    return !countsTypedFiles(this.#view.column, value) || this.#files.type[file] === value;
  }

  #kindOf(state: number): 0 | 1 {
    return this.#view.withFiles[state] === 1 ? 1 : 0;
  }
}
