import { NO_FILES, type CountedColumn, type FileAmounts } from "./ledger-files.ts";
import type { RecordHistory, ValueColumn } from "./record-history.ts";

/** The breakdowns that the ledger counts. */
export function countedColumns(values: readonly ValueColumn[]): readonly ValueColumn[] {
  return values.filter((column) => column.side !== "usage");
}

/** Files, files switch or parent: what every column sees, the totals' too. */
export const SEEN_BY_ALL = 1 << 30;
/** The owner, who only counts in the totals. */
const OWNER = 1 << 29;
const COLUMN_BITS = 29;

/** What a column sees of changes. Columns may share a bit: then one takes a look at some states that are the same to it. */
export function seenBy(index: number): number {
  return SEEN_BY_ALL | (1 << (index % COLUMN_BITS));
}

/** By state: what differs from the record's state before, as bits of `seenBy`; 0 where the ledger cannot tell them apart. */
export function stateChanges(history: RecordHistory): Int32Array {
  const { count } = history.states;
  const { parent, owner, withFiles, fileSet } = history.states;
  const changes = new Int32Array(count);
  for (let state = 1; state < count; state++) {
    const before = state - 1;
    let change = owner[state] === owner[before] ? 0 : OWNER;
    if (parent[state] !== parent[before] || withFiles[state] !== withFiles[before]) change |= SEEN_BY_ALL;
    if (fileSet[state] !== fileSet[before]) change |= SEEN_BY_ALL;
    changes[state] = change;
  }
  countedColumns(history.values).forEach(({ setOf }, index) => {
    const bit = 1 << (index % COLUMN_BITS);
    for (let state = 1; state < count; state++)
      if (setOf[state] !== setOf[state - 1]) changes[state] = (changes[state] ?? 0) | bit;
  });
  return changes;
}

/**
 * Value sets of all counted columns state by state, so that one state's sets share a cache line: set `cells[state × width + column]`,
 * or `~value` where the set is this value alone.
 */
export interface StateCells {
  readonly width: number;
  readonly cells: Int32Array;
}

export function stateCells(columns: readonly CountedColumn[], states: number): StateCells {
  const width = columns.length;
  const cells = new Int32Array(states * width);
  columns.forEach(({ setOf, setStart, setValues }, column) => {
    for (let state = 0; state < states; state++) {
      const set = setOf[state] ?? 0;
      const start = setStart[set] ?? 0;
      const isSingle = (setStart[set + 1] ?? 0) - start === 1;
      cells[state * width + column] = isSingle ? ~(setValues[start] ?? 0) : set;
    }
  });
  return { width, cells };
}

/** What the ledger needs to know of the states of an activity, stretch by stretch, read once for all columns. */
export class StretchStates {
  /** 1 with files, 0 metadata only. */
  kind = new Uint8Array(0);
  fileSet = new Int32Array(0);
  /** References into the amounts that were given. */
  filesOf = new Int32Array(0);
  /** `StateCells` of the stretches. */
  cells = new Int32Array(0);
  readonly #history: RecordHistory;
  readonly #of: StateCells;
  readonly #amounts: FileAmounts;

  constructor(history: RecordHistory, cells: StateCells, amounts: FileAmounts) {
    this.#history = history;
    this.#amounts = amounts;
    this.#of = cells;
  }

  load(state: Int32Array): void {
    const { withFiles, fileSet } = this.#history.states;
    const { setStart, setBytes } = this.#history.files;
    const amounts = this.#amounts;
    this.#makeRoom(state.length);
    amounts.clear();
    let files = NO_FILES;
    let known = -1;
    for (let at = 0; at < state.length; at++) {
      const here = state[at] ?? 0;
      const set = fileSet[here] ?? 0;
      this.kind[at] = withFiles[here] ?? 0;
      this.fileSet[at] = set;
      if (set !== known) files = amounts.add((setStart[set + 1] ?? 0) - (setStart[set] ?? 0), setBytes[set] ?? 0);
      this.filesOf[at] = files;
      known = set;
    }
    amounts.keep();
    this.#loadCells(state);
  }

  #loadCells(state: Int32Array): void {
    const { width, cells } = this.#of;
    for (let at = 0, to = 0; at < state.length; at++) {
      const from = (state[at] ?? 0) * width;
      for (let column = 0; column < width; column++) this.cells[to++] = cells[from + column] ?? 0;
    }
  }

  #makeRoom(count: number): void {
    if (count <= this.kind.length) return;
    const room = Math.ceil(count * 1.2);
    this.kind = new Uint8Array(room);
    this.fileSet = new Int32Array(room);
    this.filesOf = new Int32Array(room);
    this.cells = new Int32Array(room * this.#of.width);
  }
}

/** What booking the values of one column needs. */
export interface ColumnView {
  readonly column: CountedColumn;
  /** Place of the column among the cells of a stretch, and the number of cells. */
  readonly place: number;
  readonly width: number;
  /** Bits of `stateChanges`. */
  readonly sees: number;
  readonly states: StretchStates;
}

/** The values of one stretch after the other. */
export class ValueCursor {
  readonly #view: ColumnView;
  #single = 0;
  #start = 0;

  constructor(view: ColumnView) {
    this.#view = view;
  }

  /** Gives how many values the stretch carries. */
  load(at: number): number {
    const { states, width, place, column } = this.#view;
    const cell = states.cells[at * width + place] ?? 0;
    if (cell < 0) {
      this.#start = -1;
      this.#single = ~cell;
      return 1;
    }
    this.#start = column.setStart[cell] ?? 0;
    return (column.setStart[cell + 1] ?? 0) - this.#start;
  }

  /** A value of the loaded stretch, ascending by index. */
  value(index: number): number {
    return this.#start < 0 ? this.#single : (this.#view.column.setValues[this.#start + index] ?? 0);
  }
}
