import { IntColumn, shareInts } from "./columns.ts";
import type { ValueColumn } from "./record-history.ts";

/** What a value column is about, before its values are known. */
export interface ValueSpec {
  readonly breakdown: string;
  readonly side: "records" | "usage" | "both";
  readonly byFile: boolean;
  readonly notStated: number;
}

/** Collects the values of states, one set per distinct single value and per change within a record. */
export class ValueSets {
  readonly #spec: ValueSpec;
  readonly #setOf = new IntColumn();
  readonly #setStart = new IntColumn();
  readonly #values = new IntColumn();
  /** Set of a single value by its code, plus one; 0 where there is none yet. */
  readonly #single = new IntColumn();
  #previous = -1;
  #codes: number;

  constructor(spec: ValueSpec) {
    this.#spec = spec;
    this.#codes = spec.notStated + 1;
    this.#setStart.push(0);
  }

  beginRecord(): void {
    this.#previous = -1;
  }

  /** Adds a state with these distinct codes. */
  add(codes: ArrayLike<number>): void {
    this.#previous = this.#setFor(codes);
    this.#setOf.push(this.#previous);
  }

  /** `gather` brings the states into their final order. */
  finish(gather: (column: IntColumn) => Int32Array): ValueColumn {
    return {
      ...this.#spec,
      setOf: gather(this.#setOf),
      setStart: shareInts(this.#setStart),
      setValues: shareInts(this.#values),
      codes: this.#codes,
    };
  }

  #setFor(codes: ArrayLike<number>): number {
    if (codes.length === 0) return this.#singleSet(this.#spec.notStated);
    if (codes.length === 1) return this.#singleSet(codes[0] ?? 0);
    const sorted = Int32Array.from(codes).toSorted();
    return this.#isPrevious(sorted) ? this.#previous : this.#newSet(sorted);
  }

  #singleSet(code: number): number {
    while (this.#single.length <= code) this.#single.push(0);
    const known = this.#single.array[code] ?? 0;
    if (known > 0) return known - 1;
    const set = this.#newSet([code]);
    this.#single.array[code] = set + 1;
    return set;
  }

  #newSet(sorted: ArrayLike<number>): number {
    for (let index = 0; index < sorted.length; index++) this.#values.push(sorted[index] ?? 0);
    this.#codes = Math.max(this.#codes, (sorted[sorted.length - 1] ?? 0) + 1);
    this.#setStart.push(this.#values.length);
    return this.#setStart.length - 2;
  }

  #isPrevious(sorted: Int32Array): boolean {
    if (this.#previous < 0) return false;
    const start = this.#setStart.array[this.#previous] ?? 0;
    const end = this.#setStart.array[this.#previous + 1] ?? 0;
    return end - start === sorted.length && sorted.every((code, index) => this.#values.array[start + index] === code);
  }
}
