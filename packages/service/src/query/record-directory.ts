import type { FactStore } from "../engine/fact-store.ts";
import { recordHead, type RecordHead } from "./record-head.ts";

export type RecordSource = Pick<FactStore, "newestStates" | "parentsOf" | "recordSeq">;

/** The works of records: `of[record]` is a position in `names`. */
export interface Works {
  readonly of: Int32Array;
  readonly names: readonly string[];
}

/** Most names remembered at once. */
const MAX_HEADS = 50_000;

/** What the facts say of records now, remembered until a record fact is added. */
export class RecordDirectory {
  readonly #facts: RecordSource;
  #seq = -1;
  readonly #heads = {
    record: new Map<string, readonly RecordHead[]>(),
    parent: new Map<string, readonly RecordHead[]>(),
  };
  #works: { readonly texts: readonly string[]; readonly count: number; readonly works: Works } | null = null;

  constructor(facts: RecordSource) {
    this.#facts = facts;
  }

  /** The record of each name, or all versions of each work; unknown names are left out. */
  async heads(by: "record" | "parent", names: readonly string[]): Promise<ReadonlyMap<string, readonly RecordHead[]>> {
    await this.#refresh();
    const known = this.#heads[by];
    const found = new Map(names.map((name) => [name, known.get(name)]));
    const unknown = names.filter((name) => found.get(name) === undefined);
    const states = unknown.length === 0 ? [] : await this.#facts.newestStates(by, unknown);
    const byName = Map.groupBy(states.map(recordHead), (head) => head[by]);
    if (known.size + unknown.length > MAX_HEADS) known.clear();
    for (const name of unknown) {
      const heads = byName.get(name) ?? [];
      found.set(name, heads);
      known.set(name, heads);
    }
    return new Map(
      Array.from(found).flatMap(([name, heads]) => (heads === undefined || heads.length === 0 ? [] : [[name, heads]])),
    );
  }

  /** The work of each record of a dictionary; a record that no fact names stands for itself. */
  async works(records: readonly string[]): Promise<Works> {
    await this.#refresh();
    const known = this.#works;
    // A dictionary grows in place.
    if (known !== null && known.texts === records && known.count === records.length) return known.works;
    const works = await this.#readWorks([...records]);
    this.#works = { texts: records, count: works.of.length, works };
    return works;
  }

  async #readWorks(records: readonly string[]): Promise<Works> {
    const parents = await this.#facts.parentsOf(records);
    const numbers = new Map<string, number>();
    const names: string[] = [];
    const of = Int32Array.from(records, (record, index) => {
      const name = parents[index] ?? record;
      const known = numbers.get(name) ?? names.push(name) - 1;
      numbers.set(name, known);
      return known;
    });
    return { of, names };
  }

  /** Changes with every record fact. */
  seq(): Promise<number> {
    return this.#facts.recordSeq();
  }

  async #refresh(): Promise<void> {
    const seq = await this.#facts.recordSeq();
    if (seq === this.#seq) return;
    this.#seq = seq;
    this.#heads.record.clear();
    this.#heads.parent.clear();
    this.#works = null;
  }
}
