/** One parsed input line. Fields are read by name and checked where they are used; a missing field is undefined. */
export interface JsonObject {
  readonly [name: string]: unknown;
}

const EMPTY: JsonObject = {};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a field, or an empty one. */
export function objectIn(document: JsonObject, name: string): JsonObject {
  const value = document[name];
  return isObject(value) ? value : EMPTY;
}

/** Longest id, code or host that is taken. Real ones stay under a hundred characters. */
const LONGEST_TERM = 1000;

/** A text fit for a dictionary: a whole number is its digits, lone surrogates become U+FFFD as in every UTF-8 file. Null for anything else. */
export function termOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string" || value === "" || value.length > LONGEST_TERM) return null;
  return value.isWellFormed() ? value : value.toWellFormed();
}

/** Null, "" and a missing field say nothing. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** What became of one line: a fact, something that is rightly left out, or something that cannot be used. */
export type LineResult<Fact> =
  | { readonly kind: "fact"; readonly fact: Fact; readonly warnings?: readonly string[] }
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "reject"; readonly reason: string };

export function reject(reason: string): { readonly kind: "reject"; readonly reason: string } {
  return { kind: "reject", reason };
}

export function skip(reason: string): { readonly kind: "skip"; readonly reason: string } {
  return { kind: "skip", reason };
}

/** The value of a JSON text, or undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON text of a value, or null where it is nested deeper than can be written. */
export function writeJson(value: unknown, replacer?: (name: string, value: unknown) => unknown): string | null {
  try {
    return JSON.stringify(value, replacer) ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
