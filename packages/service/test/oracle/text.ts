/** Order by code points (T9.1 decision 20). UTF-16 order differs beyond U+FFFF. */
export function compareText(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let at = 0;
  while (at < shorter && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  if (at === shorter) return left.length - right.length;
  // The first units of two pairs can be equal: the pairs are what differs.
  const from = at > 0 && isFirstOfPair(left.charCodeAt(at - 1)) ? at - 1 : at;
  return (
    (left.codePointAt(from) ?? 0) - (right.codePointAt(from) ?? 0) ||
    (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0)
  );
}

function isFirstOfPair(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** JSON with the keys of every object in order of code points. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  const inOrder = names.every((name, index) => index === 0 || compareText(names[index - 1] ?? "", name) < 0);
  if (!inOrder) names.sort(compareText);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`).join(",")}}`;
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
