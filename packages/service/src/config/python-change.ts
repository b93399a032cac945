import type { SyntaxNode } from "@lezer/common";
import { LiteralError, parts, shorten, type Reading, valueOf } from "./python-value.ts";

/** What a statement changes: a name, or what stands under keys of its value. */
export interface Place {
  readonly name: string;
  readonly keys: readonly (string | number)[];
}

export type ChangeSign = "=" | "+=" | "|=";

/** The place that `X`, `X["a"]` or `X["a"][0]` stands for; null for anything else. @throws LiteralError for keys that are no data */
export function placeOf(target: SyntaxNode, reading: Reading): Place | null {
  if (target.name === "VariableName") return { name: reading.source.slice(target.from, target.to), keys: [] };
  if (target.name !== "MemberExpression") return null;
  const [of, key, ...more] = parts(target);
  if (of === undefined || key === undefined || more.length > 0 || key.name === "." || key.name === "PropertyName")
    return null;
  const below = placeOf(of, reading);
  if (below === null) return null;
  const at = valueOf(key, reading);
  return { name: below.name, keys: [...below.keys, typeof at === "number" ? at : String(at)] };
}

export interface Change {
  readonly keys: Place["keys"];
  readonly sign: ChangeSign;
  readonly value: unknown;
}

/** The whole value after a change; what is not changed is shared with the value before. @throws LiteralError */
export function changed(before: unknown, { keys, sign, value }: Change): unknown {
  const [key, ...deeper] = keys;
  if (key === undefined) return sign === "=" ? value : joinedValues(before, sign, value);
  const change = { keys: deeper, sign, value };
  if (Array.isArray(before) && typeof key === "number") {
    const at = key < 0 ? before.length + key : key;
    if (!(at in before)) throw new LiteralError(`the list has no part ${key}`);
    return before.with(at, changed(before[at], change));
  }
  if (!isMap(before)) throw new LiteralError(`what stands above ${shorten(JSON.stringify(key))} is no map`);
  const name = String(key);
  const isNew = !Object.hasOwn(before, name);
  if (isNew && (deeper.length > 0 || sign !== "=")) throw new LiteralError(`there is no ${JSON.stringify(name)} yet`);
  // A plain assignment could be taken for a prototype.
  const entries = new Map(Object.entries(before));
  entries.set(name, changed(before[name], change));
  return Object.fromEntries(entries);
}

function joinedValues(before: unknown, sign: "+=" | "|=", value: unknown): unknown {
  if (sign === "|=" && isMap(before) && isMap(value))
    return Object.fromEntries([...Object.entries(before), ...Object.entries(value)]);
  if (sign === "+=" && Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  if (sign === "+=" && typeof before === "string" && typeof value === "string") return before + value;
  if (sign === "+=" && typeof before === "number" && typeof value === "number") return before + value;
  throw new LiteralError(`"${sign}" between such values is not followed`);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
