import { isObject } from "./document.ts";

/** Metadata of a record are a dozen levels deep; what goes far beyond is no record. */
const DEEPEST = 100;

class TooDeep extends Error {}

/** JSON with the keys of every object in order, without white space: equal values give equal text. Null where it is nested deeper than `DEEPEST`. */
export function canonicalJson(value: unknown): string | null {
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof TooDeep) return null;
    throw error;
  }
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw new TooDeep();
  if (Array.isArray(value)) return `[${value.map((entry) => write(entry, depth + 1)).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields: string[] = [];
  for (const name of Object.keys(value).toSorted()) {
    const field = value[name];
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${write(field, depth + 1)}`);
  }
  return `{${fields.join(",")}}`;
}
