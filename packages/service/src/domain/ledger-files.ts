import type { FileColumns, ValueColumn } from "./record-history.ts";

/** The part of a value column that the ledger needs. The totals are a column in which every state carries the value 0. */
export type CountedColumn = Pick<
  ValueColumn,
  "breakdown" | "byFile" | "notStated" | "setOf" | "setStart" | "setValues" | "codes"
>;

export function totalsColumn(states: number): CountedColumn {
  return {
    breakdown: "",
    byFile: false,
    notStated: 0,
    setOf: new Int32Array(states),
    setStart: Int32Array.of(0, 1),
    setValues: Int32Array.of(0),
    codes: 1,
  };
}

/** Whether only files of the value's own type count under it (T5); what has no typed file counts with all its files. */
export function countsTypedFiles(column: CountedColumn, value: number): boolean {
  return column.byFile && value !== column.notStated;
}

/** Counts the files of a set under a value; the answer is left in `files` and `bytes`. */
export class FileCounter {
  files = 0;
  bytes = 0;
  readonly #columns: FileColumns;

  constructor(columns: FileColumns) {
    this.#columns = columns;
  }

  count(set: number, column: CountedColumn, value: number): void {
    if (countsTypedFiles(column, value)) this.#countTyped(set, value);
    else this.countAll(set);
  }

  countAll(set: number): void {
    const { setStart, setBytes } = this.#columns;
    this.files = (setStart[set + 1] ?? 0) - (setStart[set] ?? 0);
    this.bytes = setBytes[set] ?? 0;
  }

  #countTyped(set: number, value: number): void {
    const { setStart, type, bytes } = this.#columns;
    this.files = 0;
    this.bytes = 0;
    const end = setStart[set + 1] ?? 0;
    for (let at = setStart[set] ?? 0; at < end; at++) {
      if (type[at] !== value) continue;
      this.files++;
      this.bytes += bytes[at] ?? 0;
    }
  }
}

/** Refers to no files. */
export const NO_FILES = 0;

/** Numbers of files with their bytes, by reference. */
export class FileAmounts {
  /** At `2 × reference` the files, behind it their bytes. */
  pairs = new Float64Array(64);
  #count = 1;
  #kept = 1;

  /** Gives the reference. */
  add(files: number, bytes: number): number {
    if (files === 0) return NO_FILES;
    const reference = this.#count++;
    // Millions of them: a quarter of room to spare, not as much again.
    if (2 * this.#count > this.pairs.length) this.pairs = larger(this.pairs, 2 * Math.ceil(this.#count * 1.25));
    this.pairs[2 * reference] = files;
    this.pairs[2 * reference + 1] = bytes;
    return reference;
  }

  /** Forgets all. */
  clear(): void {
    this.#kept = 1;
    this.rewind();
  }

  /** What is there now stays when `rewind` forgets what is added from now on. */
  keep(): void {
    this.#kept = this.#count;
  }

  rewind(): void {
    this.#count = this.#kept;
  }
}

function larger(pairs: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(pairs);
  return grown;
}
