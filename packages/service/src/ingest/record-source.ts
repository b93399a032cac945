import { canonicalJson } from "./canonical-json.ts";
import { isObject, type JsonObject } from "./document.ts";

/**
 * What a breakdown can never want, by dotted path: links, numbers of use, presentation, bookkeeping of the repository that moves without the
 * record, and what concerns persons at work (grants, notes). Everything else is kept as it came, so that a later breakdown needs no new harvest.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "$schema",
  "expanded",
  "files.default_preview",
  "files.order",
  "has_draft",
  "internal_notes",
  "is_draft",
  "is_published",
  "links",
  "parent.$schema",
  "parent.access.grant_tokens",
  "parent.access.grants",
  "parent.access.links",
  "parent.access.settings",
  "parent.communities.entries",
  "parent.created",
  "parent.links",
  "parent.pid",
  "parent.review",
  "parent.updated",
  "parent.uuid",
  "parent.version_id",
  "pid",
  "revision_id",
  "stats",
  "status",
  "tombstone.note",
  "tombstone.removed_by",
  "ui",
  "uuid",
  "version_id",
  "versions",
]);

/** Fields of one file that point at storage or are links. */
const LEFT_OUT_OF_FILES: ReadonlySet<string> = new Set([
  "access",
  "bucket_id",
  "file_id",
  "id",
  "links",
  "object_version_id",
  "storage_class",
  "transfer",
  "uuid",
  "version_id",
]);

/** Canonical JSON of the parts of a record's line that are kept, or null where it is nested too deep. */
export function recordSource(document: JsonObject): string | null {
  return canonicalJson(kept(document, ""));
}

function kept(document: JsonObject, path: string): JsonObject {
  const copy = new Map<string, unknown>();
  for (const [name, value] of Object.entries(document)) {
    const own = `${path}${name}`;
    if (!LEFT_OUT.has(own)) copy.set(name, keptValue(own, value));
  }
  return Object.fromEntries(copy);
}

function keptValue(path: string, value: unknown): unknown {
  if (path === "files.entries") return keptFiles(value);
  return isObject(value) && PARENTS.has(path) ? kept(value, `${path}.`) : value;
}

/** Paths that have something left out below them. */
const PARENTS: ReadonlySet<string> = new Set(
  Array.from(LEFT_OUT, (path) => path.split(".").slice(0, -1)).flatMap((names) =>
    names.map((_, index) => names.slice(0, index + 1).join(".")),
  ),
);

function keptFiles(entries: unknown): unknown {
  if (Array.isArray(entries)) return entries.map(keptFile);
  if (!isObject(entries)) return entries;
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, keptFile(entry)]));
}

function keptFile(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !LEFT_OUT_OF_FILES.has(name)));
}
