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

/** What stands at a dotted path, in the order of the document; arrays on the way are walked through. */
export function entriesAt(metadata: unknown, path: string): readonly unknown[] {
  const found: unknown[] = [];
  walk(metadata, path, { from: 0, found });
  return BY_NAME.test(path) ? found.flatMap((entry) => (isObject(entry) ? namedMembers(entry) : [])) : found;
}

/** What stands at the path, its part from `from` on, in the order of the document; an array stands for its members, however deep. */
function walk(
  node: unknown,
  path: string,
  { from, found }: { readonly from: number; readonly found: unknown[] },
): void {
  if (Array.isArray(node)) {
    for (const member of node) walk(member, path, { from, found });
  } else if (from > path.length) found.push(node);
  else {
    const dot = path.indexOf(".", from);
    const to = dot < 0 ? path.length : dot;
    const value = property(node, path.slice(from, to));
    if (value !== undefined) walk(value, path, { from: to + 1, found });
  }
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
  if (!isObject(node)) return undefined;
  const value = node[key];
  return value !== undefined && Object.hasOwn(node, key) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
