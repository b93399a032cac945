import type { DayNumber } from "@community-stats/contract/days.ts";
import { BASES, type Basis } from "@community-stats/contract/metrics.ts";
import { ActivityReplay, type Activity } from "./ledger-activity.ts";
import { Bookings } from "./ledger-bookings.ts";
import { totalsColumn } from "./ledger-files.ts";
import { CHECKPOINT_ROWS, LedgerRows, LedgerWriter, type Calendar, type LedgerParts } from "./ledger-rows.ts";
import { countedColumns, SEEN_BY_ALL, seenBy, stateCells, StretchStates } from "./ledger-states.ts";
import { UploaderBooking } from "./ledger-uploaders.ts";
import { ValueBooking } from "./ledger-values.ts";
import { firstDayOfYear, yearOfDay } from "./periods.ts";
import type { RecordHistory } from "./record-history.ts";

/** Everything that a scope's holdings ever changed in one basis. */
export interface LedgerBook extends LedgerParts {
  /** Day of the first active instant; null where there never was one. */
  readonly firstDay: DayNumber | null;
}

/** A community by its code in the history, or the whole repository. */
export type LedgerScope = { readonly kind: "global" } | { readonly kind: "community"; readonly code: number };

/**
 * The records ledger (T2–T7, T14): replays a history and books what each day added and removed, per value of every breakdown.
 * Deltas only: a snapshot is their sum. One ledger serves all scopes one after the other and uses its buffers again.
 */
export class Ledger {
  readonly #replay: ActivityReplay;
  readonly #bookings = new Bookings();
  readonly #writer = new LedgerWriter();
  readonly #uploaders: UploaderBooking;
  readonly #states: StretchStates;
  readonly #columns: readonly LedgerColumn[];

  constructor(history: RecordHistory, { checkpointRows = CHECKPOINT_ROWS }: LedgerOptions = {}) {
    this.#replay = new ActivityReplay(history);
    this.#uploaders = new UploaderBooking(history, this.#bookings);
    const columns = [totalsColumn(history.states.count), ...countedColumns(history.values)];
    const cells = stateCells(columns, history.states.count);
    this.#states = new StretchStates(history, cells, this.#bookings.amounts);
    this.#columns = columns.map((column, place) => {
      const sees = place === 0 ? SEEN_BY_ALL : seenBy(place - 1);
      const view = { column, place, width: cells.width, sees, states: this.#states };
      return {
        breakdown: column.breakdown,
        values: new ValueBooking(history, view, this.#bookings),
        rows: new LedgerRows(column, this.#writer, checkpointRows),
      };
    });
  }

  book(scope: LedgerScope, basis: Basis): LedgerBook {
    const activity = scope.kind === "global" ? this.#replay.global(basis) : this.#replay.community(scope.code, basis);
    const calendar = { days: activity.days, years: yearsOf(activity.days) };
    this.#states.load(activity.state);
    for (const column of this.#columns) this.#bookColumn(column, activity, calendar);
    return { ...this.#writer.take(), firstDay: firstDayOf(activity) };
  }

  /** The bases of a scope; those with the same numbers together. */
  bases(scope: LedgerScope): readonly (readonly [Basis, ...Basis[]])[] {
    const isSame = scope.kind === "global" || this.#replay.isJoinedAtCreation(scope.code);
    return isSame ? [["added", "created"], ["published"]] : BASES.map((basis) => [basis]);
  }

  #bookColumn({ breakdown, values, rows }: LedgerColumn, activity: Activity, calendar: Calendar): void {
    this.#bookings.clear();
    values.book(activity);
    if (breakdown === "") this.#uploaders.book(activity);
    rows.pack(this.#bookings, calendar);
  }
}

export interface LedgerOptions {
  /** Least number of rows between checkpoints. */
  readonly checkpointRows?: number;
}

interface LedgerColumn {
  readonly breakdown: string;
  readonly values: ValueBooking;
  readonly rows: LedgerRows;
}

/** Whatever ends, began before: the first of all days is one on which something begins. */
function firstDayOf(activity: Activity): DayNumber | null {
  return activity.count === 0 ? null : ((activity.days[0] ?? 0) as DayNumber);
}

/** Years of ascending days. */
function yearsOf(days: Int32Array): Int32Array {
  let year = 0;
  let end = -Infinity;
  return days.map((day) => {
    if (day >= end) {
      year = yearOfDay(day);
      end = firstDayOfYear(year + 1);
    }
    return year;
  });
}
