import { FloatColumn, IntColumn } from "../domain/columns.ts";
import type { CommunityInterval } from "../domain/history-builder.ts";
import { foldMembership } from "../domain/intervals.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { TermNumbers } from "./term-numbers.ts";

export interface MembershipTerms {
  readonly record: TermNumbers;
  readonly community: TermNumbers;
}

/** Membership lines by the code of their record, as columns. */
export class MembershipTable {
  readonly #start: Int32Array;
  readonly #order: Int32Array;
  readonly #lines: LineColumns;

  private constructor(lines: LineColumns) {
    const records = lines.record.array.subarray(0, lines.record.length);
    const count = records.reduce((most, code) => Math.max(most, code + 1), 0);
    this.#lines = lines;
    this.#start = new Int32Array(count + 1);
    for (const code of records) this.#start[code + 1] = (this.#start[code + 1] ?? 0) + 1;
    for (let code = 0; code < count; code++) this.#start[code + 1] = this.#startOf(code + 1) + this.#startOf(code);
    const next = this.#start.slice();
    this.#order = new Int32Array(records.length);
    records.forEach((code, line) => {
      const at = next[code] ?? 0;
      next[code] = at + 1;
      this.#order[at] = line;
    });
  }

  static async read(facts: FactStore, terms: MembershipTerms): Promise<MembershipTable> {
    const lines = new LineColumns();
    for await (const line of facts.membershipLines()) {
      lines.record.push(terms.record.of(line.record));
      lines.community.push(terms.community.of(line.community));
      lines.added.push(line.type === "added" ? 1 : 0);
      lines.at.push(line.at);
    }
    return new MembershipTable(lines);
  }

  /** Intervals ascending by community, then by instant; null for a record without any line (T9.1 decision 7). */
  of(record: number): readonly CommunityInterval[] | null {
    const from = this.#startOf(record);
    const to = this.#startOf(record + 1);
    if (from >= to) return null;
    const lines = Array.from(this.#order.subarray(from, to), (line) => ({
      community: this.#lines.community.array[line] ?? 0,
      added: this.#lines.added.array[line] === 1,
      at: this.#lines.at.array[line] ?? 0,
    }));
    return [...Map.groupBy(lines, ({ community }) => community)]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([community, own]) => foldMembership(own).map((interval) => ({ community, ...interval })));
  }

  #startOf(record: number): number {
    return this.#start[Math.min(record, this.#start.length - 1)] ?? 0;
  }
}

class LineColumns {
  readonly record = new IntColumn();
  readonly community = new IntColumn();
  readonly added = new IntColumn();
  readonly at = new FloatColumn();
}
