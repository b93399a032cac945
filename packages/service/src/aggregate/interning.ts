import type { RollupStore } from "../engine/rollup-store.ts";

/**
 * Codes of all texts, new ones where they are missing. Most runs meet texts the store knows in the same order already:
 * then nothing is looked up one by one, and mostly nothing at all.
 */
export async function internAll(rollups: RollupStore, kind: string, texts: readonly string[]): Promise<Int32Array> {
  const known = await rollups.terms(kind);
  if (texts.every((text, code) => known[code] === text)) return Int32Array.from(texts.keys());
  const codes = new Map<string, number>();
  known.forEach((text, code) => codes.set(text, code));
  const missing = texts.filter((text) => !codes.has(text));
  if (missing.length > 0) {
    const added = await rollups.intern(kind, missing);
    missing.forEach((text, index) => codes.set(text, added[index] ?? 0));
  }
  return Int32Array.from(texts, (text) => codes.get(text) ?? 0);
}
