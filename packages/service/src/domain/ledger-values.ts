import { FOREVER, type Activity } from "./ledger-activity.ts";
import type { Bookings } from "./ledger-bookings.ts";
import { EditBooking } from "./ledger-edits.ts";
import { FileCounter, NO_FILES } from "./ledger-files.ts";
import { ParentBooking } from "./ledger-parents.ts";
import { SHAPE } from "./ledger-shapes.ts";
import { ValueCursor, type ColumnView } from "./ledger-states.ts";
import { WorkBooking } from "./ledger-works.ts";
import { ALL, RECORD, type ChangeCodes } from "./record-codes.ts";
import type { RecordHistory } from "./record-history.ts";

/**
 * Books what an activity changes in the values of one column: records, parents, works and files (T3–T5, T7, T14).
 * Most records come and perhaps go without a change that the column sees, and are booked at once; edits, by what differs between
 * neighbouring states; parents of several records, by laying their stretches over each other. What is odd goes to `WorkBooking`.
 */
export class ValueBooking {
  readonly #view: ColumnView;
  readonly #cursor: ValueCursor;
  readonly #bookings: Bookings;
  readonly #files: FileCounter;
  readonly #edits: EditBooking;
  readonly #parents: ParentBooking;
  readonly #works: WorkBooking;
  /** What comes and goes with the record that is being booked. */
  #codes: ChangeCodes = ALL;

  constructor(history: RecordHistory, view: ColumnView, bookings: Bookings) {
    this.#view = view;
    this.#bookings = bookings;
    this.#cursor = new ValueCursor(view);
    this.#files = new FileCounter(history.files);
    this.#edits = new EditBooking(history, view, bookings);
    this.#parents = new ParentBooking(view, bookings);
    this.#works = new WorkBooking(history, view.column, bookings);
  }

  book(activity: Activity): void {
    const { groupStart, groupCount, shape } = activity;
    this.#works.begin(activity);
    for (let group = 0; group < groupCount; group++) {
      const found = shape[group] ?? 0;
      if (found === SHAPE.odd) {
        this.#works.book(groupStart[group] ?? 0, groupStart[group + 1] ?? 0);
        continue;
      }
      this.#codes = found === SHAPE.one ? ALL : RECORD;
      this.#bookRecords(activity, group);
      if (found !== SHAPE.one) this.#parents.book(activity, group);
    }
  }

  #bookRecords(activity: Activity, group: number): void {
    const { groupStay, stayStart, stayChange } = activity;
    const { sees } = this.#view;
    const end = groupStay[group + 1] ?? 0;
    for (let stay = groupStay[group] ?? 0; stay < end; stay++) {
      const from = stayStart[stay] ?? 0;
      const to = stayStart[stay + 1] ?? 0;
      if (((stayChange[stay] ?? 0) & sees) === 0) this.#bookStay(activity, from, to);
      else this.#edits.book(activity, { from, to }, this.#codes);
    }
  }

  #bookStay({ first, last }: Activity, from: number, to: number): void {
    const { states, column } = this.#view;
    const bookings = this.#bookings;
    const cursor = this.#cursor;
    const kind = states.kind[from] ?? 0;
    const opened = first[from] ?? 0;
    const closed = last[to - 1] ?? 0;
    const added = this.#codes.add + kind;
    const removed = this.#codes.remove + kind;
    let files = states.filesOf[from] ?? NO_FILES;
    const count = cursor.load(from);
    for (let index = 0; index < count; index++) {
      const value = cursor.value(index);
      if (column.byFile) {
        this.#files.count(states.fileSet[from] ?? 0, column, value);
        files = bookings.amounts.add(this.#files.files, this.#files.bytes);
      }
      bookings.add(opened, value, added, files);
      if (closed !== FOREVER) bookings.add(closed, value, removed, files);
    }
  }
}
