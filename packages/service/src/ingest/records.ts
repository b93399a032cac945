import { type DayNumber, type Instant, parseInstant } from "@community-stats/contract/days.ts";
import { publicationDay } from "../domain/publication-date.ts";
import type { FileFact, RecordLine } from "../engine/facts.ts";
import { isAbsent, isObject, type JsonObject, type LineResult, objectIn, reject, skip, termOf } from "./document.ts";
import { unwrap } from "./kinds.ts";
import { recordSource } from "./record-source.ts";

/** A record of the REST API, or a document of the records index: plain or as a line of a search dump. */
export function recordLine(value: JsonObject): LineResult<RecordLine> {
  const { document, index } = unwrap(value);
  if (isDraft(document, index)) return skip("draft");
  const record = termOf(document["id"]);
  if (record === null) return reject("no id");
  const created = timeOf(document["created"]);
  if (created === null) return reject("created is no time");
  const updated = isAbsent(document["updated"]) ? created : timeOf(document["updated"]);
  if (updated === null) return reject("updated is no time");
  const files = filesOf(document);
  if (typeof files === "string") return reject(files);
  const communities = communityIds(document);
  if (communities === null) return reject("parent.communities.ids is no list of ids");
  const source = recordSource(document);
  if (source === null) return reject("nested too deep");
  const published = publishedOf(document);
  const deletion = deletionOf(document);
  const parent = parentOf(document);
  return {
    kind: "fact",
    fact: {
      record,
      created,
      updated,
      ...deletion,
      published,
      communities,
      source,
      files,
      parent: parent ?? record,
      owner: ownerOf(document),
      filesEnabled: objectIn(document, "files")["enabled"] === true,
      generated: document["synthetic"] === true,
    },
    warnings: [
      ...publicationWarnings(document, published),
      ...(parent === null ? ["no parent.id: counted as a work of its own"] : []),
      ...(deletion.deleted && deletion.removed === null
        ? ["deleted without tombstone.removal_date: as of updated"]
        : []),
    ],
  };
}

function parentOf(document: JsonObject): string | null {
  return termOf(objectIn(document, "parent")["id"]);
}

/** Also the draft of a published record, which says `is_published`. */
function isDraft(document: JsonObject, index: string | null): boolean {
  if (document["is_draft"] === true || document["is_published"] === false) return true;
  return index !== null && index.includes("rdmrecords-drafts");
}

function timeOf(value: unknown): Instant | null {
  return typeof value === "string" ? parseInstant(value) : null;
}

const NOT_PUBLIC: ReadonlySet<unknown> = new Set(["D", "X"]);

/** `deletion_status` is a letter in the index and an object in REST answers. */
function deletionOf(document: JsonObject): { readonly deleted: boolean; readonly removed: Instant | null } {
  const { deletion_status: status, tombstone } = document;
  const deleted =
    document["is_deleted"] === true ||
    NOT_PUBLIC.has(isObject(status) ? status["status"] : status) ||
    (isObject(status) && status["is_deleted"] === true) ||
    isObject(tombstone);
  return { deleted, removed: deleted && isObject(tombstone) ? timeOf(tombstone["removal_date"]) : null };
}

/** A number in the index, a text in REST answers; older instances wrote a list. */
function ownerOf(document: JsonObject): string | null {
  const owned = objectIn(objectIn(document, "parent"), "access")["owned_by"];
  const owner: unknown = Array.isArray(owned) ? owned[0] : owned;
  return isObject(owner) ? termOf(owner["user"]) : null;
}

/** `parent.communities` is `{}` for a record without any. */
function communityIds(document: JsonObject): readonly string[] | null {
  const { ids } = objectIn(objectIn(document, "parent"), "communities");
  if (ids === undefined || ids === null) return [];
  if (!Array.isArray(ids)) return null;
  const terms = ids.map(termOf);
  const known = terms.filter((id) => id !== null);
  return known.length === terms.length ? Array.from(new Set(known.filter((id) => id !== "global"))) : null;
}

function publishedOf(document: JsonObject): DayNumber | null {
  const date = objectIn(document, "metadata")["publication_date"];
  return typeof date === "string" ? publicationDay(date) : null;
}

function publicationWarnings(document: JsonObject, published: DayNumber | null): readonly string[] {
  if (published !== null) return [];
  const missing = isAbsent(objectIn(document, "metadata")["publication_date"]);
  return [`${missing ? "no publication date" : "the publication date is no date"}: not counted by publication`];
}

/** `files.entries` is a list in the index and an object by name in REST answers. A text is the reason why they cannot be used. */
function filesOf(document: JsonObject): readonly FileFact[] | string {
  const named = namedEntries(objectIn(document, "files")["entries"]);
  if (named === null) return "files.entries is neither a list nor an object";
  const files: FileFact[] = [];
  for (const [name, entry] of named) {
    const file = fileOf(name, entry);
    if (typeof file === "string") return file;
    files.push(file);
  }
  return files;
}

function namedEntries(entries: unknown): readonly (readonly [name: string, entry: unknown])[] | null {
  if (isAbsent(entries)) return [];
  if (Array.isArray(entries)) return entries.map((entry: unknown) => ["", entry] as const);
  return isObject(entries) ? Object.entries(entries) : null;
}

function fileOf(name: string, entry: unknown): FileFact | string {
  if (!isObject(entry)) return "a file is no object";
  const key = textOf(entry["key"]) ?? name.toWellFormed();
  if (key === "") return "a file without key";
  const { size } = entry;
  if (!isAbsent(size) && !(typeof size === "number" && size >= 0 && size <= Number.MAX_SAFE_INTEGER)) {
    return "the size of a file is no number of bytes";
  }
  return {
    key,
    type: textOf(entry["ext"]),
    bytes: typeof size === "number" ? size : null,
    checksum: textOf(entry["checksum"]),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.toWellFormed() : null;
}
