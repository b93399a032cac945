import type { RollupRange } from "../../engine/rollup-store.ts";
import type { ReadMemory } from "./read-memory.ts";
import type { Prepare } from "./statements.ts";

/** What the numbers of a series are about, within a generation. */
export type SeriesAddress = Omit<RollupRange, "from" | "to">;

/** The number under which the rows of each series stand. What was looked up is remembered while it holds. */
export class SeriesNumbers {
  readonly #prepare: Prepare;
  readonly #memory: ReadMemory;
  readonly #known = new Map<string, number>();
  /** The rules under which numbers were looked up. */
  #rules = "";

  constructor(prepare: Prepare, memory: ReadMemory) {
    this.#prepare = prepare;
    this.#memory = memory;
  }

  find(generation: number, address: SeriesAddress): number | undefined {
    const key = keyOf(generation, address);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { kind, scope, breakdown } = address;
    const find = this.#prepare(
      "SELECT id FROM series WHERE generation = ? AND kind = ? AND scope = ? AND breakdown = ?",
    ).pluck();
    const id = find.get(generation, kind, scope, breakdown) as number | undefined;
    if (id !== undefined) this.#known.set(key, id);
    return id;
  }

  /** Part of the caller's transaction: makes the series where there is none. */
  findOrAdd(generation: number, address: SeriesAddress): number {
    const found = this.find(generation, address);
    if (found !== undefined) return found;
    const { kind, scope, breakdown } = address;
    const add = this.#prepare("INSERT INTO series (generation, kind, scope, breakdown) VALUES (?, ?, ?, ?)");
    const id = Number(add.run(generation, kind, scope, breakdown).lastInsertRowid);
    this.#known.set(keyOf(generation, address), id);
    return id;
  }

  /** Series go from one generation to another with their breakdown, perhaps by another process: then none holds that is remembered. */
  followExchanges(): void {
    const rules = this.#memory.of("rules", () => {
      return String(this.#prepare("SELECT group_concat(id || rule) FROM generation").pluck().get());
    });
    if (rules === this.#rules) return;
    this.forget();
    this.#rules = rules;
  }

  forget(): void {
    this.#known.clear();
  }
}

function keyOf(generation: number, { kind, scope, breakdown }: SeriesAddress): string {
  return `${generation} ${kind} ${scope} ${breakdown}`;
}
