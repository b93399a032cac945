import type { LabelShape, ValueSource } from "@community-stats/contract/breakdowns.ts";

/** A value that a record carries, and what the record calls it. */
export interface LabelledValue {
  readonly id: string;
  /** JSON text of the label as stored; null where the record gives none that is usable (T11). */
  readonly label: string | null;
}

/**
 * Reads the values of one breakdown out of records' metadata: non-empty texts as they stand, each once, in the order of sources and of the
 * document (T9.1 decision 9). A value's label is the first usable one: an object with at least one key, or a non-empty text, whichever the
 * breakdown expects. Paths are taken apart once, not for every record.
 */
export class ValueReader {
  readonly #sources: readonly ParsedSource[];
  readonly #shape: LabelShape;

  constructor(sources: readonly ValueSource[], shape: LabelShape) {
    this.#sources = sources.map((source) => ({ source, path: parsedPath(source.entries) }));
    this.#shape = shape;
  }

  read(metadata: unknown): readonly LabelledValue[] {
    const mentions: LabelledValue[] = [];
    for (const { source, path } of this.#sources) {
      for (const entry of entriesAlong(metadata, path)) {
        const id = idOf(entry, source);
        if (id !== null) mentions.push({ id, label: labelOf(entry, source, this.#shape) });
      }
    }
    return mentions.length < 2 ? mentions : eachOnce(mentions);
  }
}

interface ParsedSource {
  readonly source: ValueSource;
  readonly path: EntryPath;
}

function eachOnce(mentions: readonly LabelledValue[]): readonly LabelledValue[] {
  const labels = new Map<string, string | null>();
  for (const { id, label } of mentions) labels.set(id, labels.get(id) ?? label);
  return Array.from(labels, ([id, label]) => ({ id, label }));
}

/** A dotted path, taken apart. */
interface EntryPath {
  readonly names: readonly string[];
  /** Entries of files are a list, or an object by file name: the only place where an object stands for its members. */
  readonly byName: boolean;
}

const BY_NAME = /(^|\.)(media_)?files\.entries$/;

function parsedPath(path: string): EntryPath {
  return { names: path.split("."), byName: BY_NAME.test(path) };
}

/** What stands at a dotted path, in the order of the document; arrays on the way are walked through. */
export function entriesAt(metadata: unknown, path: string): readonly unknown[] {
  return entriesAlong(metadata, parsedPath(path));
}

function entriesAlong(metadata: unknown, { names, byName }: EntryPath): readonly unknown[] {
  const found: unknown[] = [];
  walk(metadata, names, { from: 0, found });
  return byName ? found.flatMap((entry) => (isObject(entry) ? namedMembers(entry) : [])) : found;
}

/** What stands at the names from number `from` on; an array stands for its members, however deep. */
function walk(
  node: unknown,
  names: readonly string[],
  { from, found }: { readonly from: number; readonly found: unknown[] },
): void {
  if (Array.isArray(node)) {
    for (const member of node) walk(member, names, { from, found });
    return;
  }
  const name = names[from];
  if (name === undefined) found.push(node);
  else {
    const value = property(node, name);
    if (value !== undefined) walk(value, names, { from: from + 1, found });
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
  if (shape !== "languages" && text(label) !== null) return JSON.stringify(label);
  return shape !== "text" && isObject(label) && Object.keys(label).length > 0 ? JSON.stringify(label) : null;
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
