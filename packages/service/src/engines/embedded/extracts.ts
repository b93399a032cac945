import type { Prepare } from "./statements.ts";

/** What is kept to save time, as numbered pieces. What is written is part of the caller's transaction. */
export class Extracts {
  readonly #sql: Prepare;

  constructor(sql: Prepare) {
    this.#sql = sql;
  }

  read(definition: string): ReadonlyMap<number, Uint8Array> {
    const rows = this.#sql("SELECT seq, data FROM extract WHERE definition = ?").raw().iterate(definition);
    return new Map(rows as Iterable<[number, Uint8Array]>);
  }

  put(definition: string, entries: ReadonlyMap<number, Uint8Array>): void {
    const add = this.#sql("INSERT OR REPLACE INTO extract VALUES (?, ?, ?)");
    for (const [seq, data] of entries) add.run(definition, seq, data);
  }

  dropExcept(definitions: readonly string[]): void {
    const drop = this.#sql("DELETE FROM extract WHERE definition NOT IN (SELECT value FROM json_each(?))");
    drop.run(JSON.stringify(definitions));
  }
}
