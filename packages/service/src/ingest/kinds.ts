import { isObject, type JsonObject } from "./document.ts";

/** What can be taken now. */
export const INGEST_KINDS = ["records", "communities", "memberships", "events"] as const;
export type IngestKind = (typeof INGEST_KINDS)[number];

/** What is recognised and named, but not taken. */
export type ForeignKind =
  | "raw-events"
  | "access-log"
  | "daily statistics"
  | "requests"
  | "community members"
  | "bookmarks";
export type LineKind = IngestKind | ForeignKind;

export type UsageKind = "record-view" | "file-download";

/** A line of a search dump, `{"_index", "_id", "_source"}`, and a plain document look the same from here on. */
export interface Unwrapped {
  readonly document: JsonObject;
  /** Name of the index; null for plain documents. */
  readonly index: string | null;
}

export function unwrap(value: JsonObject): Unwrapped {
  const { _index: index, _source: source } = value;
  return typeof index === "string" && isObject(source) ? { document: source, index } : { document: value, index: null };
}

const EVENT_INDEX = /events-stats-(record-view|file-download)(?:-|$)/;

/**
 * Index names carry a prefix of the instance and a suffix of month, day (before 2023-10) or version; `events-stats-…` must come before `stats-…`.
 */
const INDICES: readonly (readonly [pattern: RegExp, kind: LineKind])[] = [
  [EVENT_INDEX, "events"],
  [/stats-community-events(?:-|$)/, "memberships"],
  [/stats-bookmarks(?:-|$)/, "bookmarks"],
  [/stats-(?:record-view|file-download)(?:-|$)/, "daily statistics"],
  [/stats-community-(?:records|usage)-(?:delta|snapshot)/, "daily statistics"],
  [/rdmrecords(?:-|$)/, "records"],
  [/communitymembers(?:-|$)/, "community members"],
  [/communities(?:-|$)/, "communities"],
  [/requests?(?:-|$)/, "requests"],
];

/** Record view or file download by the name of the index, or null. */
export function usageKindOfIndex(index: string): UsageKind | null {
  const name = EVENT_INDEX.exec(index)?.[1];
  return name === "record-view" || name === "file-download" ? name : null;
}

/** The kind of a parsed line by the name of its index, else by its fields; null where it is nothing that we know. */
export function kindOf(value: unknown): LineKind | null {
  if (!isObject(value)) return null;
  const { document, index } = unwrap(value);
  const named = index === null ? undefined : INDICES.find(([pattern]) => pattern.test(index));
  return named?.[1] ?? kindByFields(document);
}

const has = (document: JsonObject, ...names: readonly string[]): boolean =>
  names.every((name) => document[name] !== undefined && document[name] !== null);

/** First row that fits. */
const FIELDS: readonly (readonly [fits: (document: JsonObject) => boolean, kind: LineKind])[] = [
  [(d) => has(d, "record_id", "community_id", "event_type"), "memberships"],
  [(d) => has(d, "community_id") && (has(d, "period_start") || has(d, "snapshot_date")), "daily statistics"],
  [(d) => has(d, "unique_id", "count", "unique_count"), "daily statistics"],
  [(d) => has(d, "aggregation_type", "date"), "bookmarks"],
  [(d) => has(d, "recid", "timestamp", "visitor_id"), "events"],
  [(d) => has(d, "recid", "timestamp") && ("ip_address" in d || "user_agent" in d), "raw-events"],
  [(d) => d["event"] === "record-view" || d["event"] === "file-download", "events"],
  [(d) => has(d, "community_id", "role"), "community members"],
  [(d) => has(d, "topic", "receiver"), "requests"],
  [(d) => has(d, "slug") && (isObject(d["metadata"]) || isObject(d["access"])), "communities"],
  [(d) => has(d, "id") && isObject(d["parent"]), "records"],
  [(d) => has(d, "id") && isObject(d["metadata"]), "records"],
];

function kindByFields(document: JsonObject): LineKind | null {
  return FIELDS.find(([fits]) => fits(document))?.[1] ?? null;
}

export function isIngestKind(kind: string): kind is IngestKind {
  return INGEST_KINDS.some((known) => known === kind);
}

/** Combined (or common) log format: host, identity, user, [time], "request", status. */
const ACCESS_LOG = /^\S+ \S+ .{1,200} \[\d{1,2}\/\w{3}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "[^"]*" \d{3} /;

export function isAccessLog(line: string): boolean {
  return ACCESS_LOG.test(line.slice(0, 8192));
}
