import type { LabelShape, ValueSource } from "@community-stats/contract/breakdowns.ts";

/** A value that a record carries, and what the record calls it. */
export interface LabelledValue {
  readonly id: string;
  /** JSON text of the label as stored; null where the record gives none that is usable (T11). */
  readonly label: string | null;
}

/**
 * The values of a breakdown in a record's metadata: non-empty texts as they stand, each once, in the order of sources and of the document
 * (T9.1 decision 9). Its label is the first usable one: an object with at least one key, or a non-empty text, as the breakdown expects.
 */
export function extractValues(
  metadata: unknown,
  sources: readonly ValueSource[],
  shape: LabelShape,
): readonly LabelledValue[] {
  const labels = new Map<string, string | null>();
  for (const source of sources) {
    for (const entry of entriesAt(metadata, source.entries)) {
      const id = idOf(entry, source);
      if (id === null) continue;
      const known = labels.get(id);
      if (known === undefined || known === null) labels.set(id, labelOf(entry, source, shape));
    }
  }
  return Array.from(labels, ([id, label]) => ({ id, label }));
}

/** Entries of files are a list, or an object by file name: the only place where an object stands for its members. */
const BY_NAME = /(^|\.)(media_)?files\.entries$/;

function entriesAt(metadata: unknown, path: string): readonly unknown[] {
  const found = path
    .split(".")
    .reduce<readonly unknown[]>((nodes, key) => nodes.flatMap((node) => step(node, key)), [metadata]);
  const entries = found.flatMap(members);
  return BY_NAME.test(path) ? entries.flatMap((entry) => (isObject(entry) ? namedMembers(entry) : [])) : entries;
}

function step(node: unknown, key: string): readonly unknown[] {
  return members(node).flatMap((member) => {
    const value = property(member, key);
    return value === undefined ? [] : [value];
  });
}

/** The node itself, or the members of an array, however deep. */
function members(node: unknown): readonly unknown[] {
  return Array.isArray(node) ? node.flat(Infinity) : [node];
}

/** An object of files, or one file of a list. */
function namedMembers(entry: Readonly<Record<string, unknown>>): readonly unknown[] {
  const values = Object.values(entry);
  return values.length > 0 && values.every(isObject) ? values : [entry];
}

function idOf(entry: unknown, source: ValueSource): string | null {
  if (source.id === null) return text(entry);
  return (
    text(property(entry, source.id)) ?? (source.orName === undefined ? null : text(property(entry, source.orName)))
  );
}

function labelOf(entry: unknown, source: ValueSource, shape: LabelShape): string | null {
  if (source.label === null || shape === "none") return null;
  const label = property(entry, source.label);
  if (shape === "text") return text(label) === null ? null : JSON.stringify(label);
  return isObject(label) && Object.keys(label).length > 0 ? JSON.stringify(label) : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Own members only: a field may be named like something every object inherits. */
function property(node: unknown, key: string): unknown {
  return isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
