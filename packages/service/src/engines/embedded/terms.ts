import type Database from "better-sqlite3";
import type { TermKind } from "../../engine/facts.ts";

/** Interned texts of the facts in `control.sqlite`. New codes are given under the append lock only. */
export class FactTerms {
  readonly #find: Database.Statement;
  readonly #add: Database.Statement;
  readonly #next: Database.Statement;
  readonly #all: Database.Statement;
  readonly #text: Database.Statement;
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#find = database.prepare("SELECT code FROM term WHERE kind = ? AND text = ?").pluck();
    this.#add = database.prepare("INSERT INTO term VALUES (?, ?, ?)");
    this.#next = database.prepare("SELECT coalesce(max(code), -1) + 1 FROM term WHERE kind = ?").pluck();
    this.#all = database.prepare("SELECT text FROM term WHERE kind = ? AND code >= ? ORDER BY code").pluck();
    this.#text = database.prepare("SELECT text FROM term WHERE kind = ? AND code = ?").pluck();
  }

  intern(kind: TermKind, texts: readonly string[]): Int32Array {
    return this.#database
      .transaction(() => {
        let free = Number(this.#next.get(kind));
        return Int32Array.from(texts, (text) => {
          const code = this.#find.get(kind, text);
          if (typeof code === "number") return code;
          this.#add.run(kind, free, text);
          return free++;
        });
      })
      .immediate();
  }

  /** Codes without storing anything: unknown texts get codes that no stored fact has. */
  preview(
    kind: TermKind,
    texts: readonly string[],
  ): { readonly codes: Int32Array; readonly text: (code: number) => string } {
    const free = Number(this.#next.get(kind));
    const fresh: string[] = [];
    const codes = Int32Array.from(texts, (text) => {
      const code = this.#find.get(kind, text);
      return typeof code === "number" ? code : free + fresh.push(text) - 1;
    });
    return { codes, text: (code) => fresh[code - free] ?? this.text(kind, code) };
  }

  all(kind: TermKind, fromCode: number): readonly string[] {
    return this.#all.all(kind, fromCode) as string[];
  }

  text(kind: TermKind, code: number): string {
    return String(this.#text.get(kind, code) ?? "");
  }
}
