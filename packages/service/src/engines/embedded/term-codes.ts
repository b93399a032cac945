import type { Prepare } from "./statements.ts";

/** Codes of these texts, or null where one has none yet. */
export function knownCodes(prepare: Prepare, kind: string, texts: readonly string[]): Int32Array | null {
  const codes = new Int32Array(texts.length);
  for (const [index, text] of texts.entries()) {
    const code = codeOf(prepare, kind, text);
    if (code < 0) return null;
    codes[index] = code;
  }
  return codes;
}

/** Part of the caller's transaction: new texts get the next codes. */
export function addCodes(prepare: Prepare, kind: string, texts: readonly string[]): Int32Array {
  const next = prepare("SELECT coalesce(max(code), -1) + 1 FROM term WHERE kind = ?").pluck();
  const add = prepare("INSERT OR IGNORE INTO term VALUES (?, ?, ?)");
  let free = Number(next.get(kind));
  // Mostly all are new: a look before each would take as long as adding it.
  return Int32Array.from(texts, (text) =>
    add.run(kind, free, text).changes === 1 ? free++ : codeOf(prepare, kind, text),
  );
}

/** -1 where the text has none. */
export function codeOf(prepare: Prepare, kind: string, text: string): number {
  const code = prepare("SELECT code FROM term WHERE kind = ? AND text = ?").pluck().get(kind, text);
  return typeof code === "number" ? code : -1;
}

/** In the order of their codes. */
export function textsFrom(prepare: Prepare, kind: string, fromCode: number): readonly string[] {
  const select = prepare("SELECT text FROM term WHERE kind = ? AND code >= ? ORDER BY code").pluck();
  return select.all(kind, fromCode) as string[];
}
