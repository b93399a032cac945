import type Database from "better-sqlite3";
import type { TermKind } from "../../engine/facts.ts";

/** Texts remembered of one kind; beyond that they are all looked up anew. */
const MOST_REMEMBERED = 1_000_000;

const NO_CODES = new Int32Array(0);

interface NewTerm {
  readonly kind: TermKind;
  readonly code: number;
  readonly text: string;
}

/** Interned texts of the facts in `control.sqlite`. New codes are given under the append lock only and count from the commit on. */
export class FactTerms {
  readonly #find: Database.Statement;
  readonly #add: Database.Statement;
  readonly #next: Database.Statement;
  readonly #all: Database.Statement;
  readonly #text: Database.Statement;
  readonly #database: Database.Database;
  /** Codes never change, so what was once read holds for ever. */
  readonly #known = new Map<TermKind, Map<string, number>>();
  /** By dictionary: the codes of its texts as far as they were stored. */
  readonly #ofDictionary = new WeakMap<readonly string[], Int32Array>();

  constructor(database: Database.Database) {
    this.#database = database;
    this.#find = database.prepare("SELECT code FROM term WHERE kind = ? AND text = ?").pluck();
    this.#add = database.prepare("INSERT INTO term VALUES (?, ?, ?)");
    this.#next = database.prepare("SELECT coalesce(max(code), -1) + 1 FROM term WHERE kind = ?").pluck();
    this.#all = database.prepare("SELECT text FROM term WHERE kind = ? AND code >= ? ORDER BY code").pluck();
    this.#text = database.prepare("SELECT text FROM term WHERE kind = ? AND code = ?").pluck();
  }

  /** For one append: codes of any texts, the new ones not yet stored. */
  assign(): AssignedTerms {
    return new AssignedTerms(this);
  }

  /** Stored codes of these texts, -1 for texts without one. */
  stored(kind: TermKind, texts: readonly string[]): Int32Array {
    const before = this.#ofDictionary.get(texts) ?? NO_CODES;
    const codes = new Int32Array(texts.length);
    codes.set(before);
    if (before.length === texts.length) return codes;
    const known = this.#rememberedOf(kind);
    // One read transaction: each look-up outside of one would take a lock of its own.
    this.#database.transaction(() => {
      for (let at = before.length; at < texts.length; at++) codes[at] = this.#storedCode(kind, texts[at] ?? "", known);
    })();
    return codes;
  }

  /** These are stored now. */
  remember(kind: TermKind, texts: readonly string[], codes: Int32Array): void {
    const before = this.#ofDictionary.get(texts)?.length ?? 0;
    this.#ofDictionary.set(texts, codes);
    const known = this.#rememberedOf(kind);
    for (let at = before; at < codes.length; at++) known.set(texts[at] ?? "", codes[at] ?? -1);
  }

  #storedCode(kind: TermKind, text: string, known: Map<string, number>): number {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const code = this.#find.get(kind, text);
    if (typeof code !== "number") return -1;
    known.set(text, code);
    return code;
  }

  #rememberedOf(kind: TermKind): Map<string, number> {
    let known = this.#known.get(kind);
    if (known === undefined || known.size > MOST_REMEMBERED) this.#known.set(kind, (known = new Map()));
    return known;
  }

  next(kind: TermKind): number {
    return Number(this.#next.get(kind));
  }

  /** Part of the caller's transaction. */
  write({ kind, code, text }: NewTerm): void {
    this.#add.run(kind, code, text);
  }

  all(kind: TermKind, fromCode: number): readonly string[] {
    return this.#all.all(kind, fromCode) as string[];
  }

  text(kind: TermKind, code: number): string {
    return String(this.#text.get(kind, code) ?? "");
  }
}

/** Codes for the texts of one append. What is never written leaves no trace. */
export class AssignedTerms {
  readonly #terms: FactTerms;
  readonly #new: NewTerm[] = [];
  readonly #texts = new Map<TermKind, Map<number, string>>();
  readonly #assigned: { readonly kind: TermKind; readonly texts: readonly string[]; readonly codes: Int32Array }[] = [];

  constructor(terms: FactTerms) {
    this.#terms = terms;
  }

  /** Asked once for each kind. A text may be there twice. */
  codes(kind: TermKind, texts: readonly string[]): Int32Array {
    const codes = this.#terms.stored(kind, texts);
    this.#assigned.push({ kind, texts, codes });
    if (!codes.includes(-1)) return codes;
    const first = this.#terms.next(kind);
    const fresh = new Map<string, number>();
    for (const [index, text] of texts.entries()) {
      if (codes[index] !== -1) continue;
      const code = fresh.get(text) ?? first + fresh.size;
      codes[index] = code;
      fresh.set(text, code);
    }
    for (const [text, code] of fresh) this.#new.push({ kind, code, text });
    this.#texts.set(kind, new Map(Array.from(fresh, ([text, code]) => [code, text])));
    return codes;
  }

  text(kind: TermKind, code: number): string {
    return this.#texts.get(kind)?.get(code) ?? this.#terms.text(kind, code);
  }

  /** Part of the caller's transaction. */
  write(): void {
    for (const term of this.#new) this.#terms.write(term);
  }

  /** After the commit: the next batch finds them without asking. */
  written(): void {
    for (const { kind, texts, codes } of this.#assigned) this.#terms.remember(kind, texts, codes);
  }
}
