/** Order by code points (T9.1 decision 20). UTF-16 order differs beyond U+FFFF. */
export function compareText(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = codePoint(a[index]) - codePoint(b[index]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}

/** JSON with the keys of every object in order of code points. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry)).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, entry]) => entry !== undefined);
  fields.sort(([left], [right]) => compareText(left, right));
  return `{${fields.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of a parsed JSON object; undefined for everything that has no such field of its own. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

/** A field reached by several names. */
export function fieldAt(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((inner, name) => field(inner, name), value);
}

/** A text that can be a value: T9.1 decision 9 knows no other restriction than that there is one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
