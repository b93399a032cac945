import type { ValueSource } from "@community-stats/contract/breakdowns.ts";
import { parseInstant } from "@community-stats/contract/days.ts";
import { entriesAt } from "../domain/values.ts";
import type { EnrichedField, Enrichment, EventSource, EventType } from "../engine/event-indices.ts";

/** What is known of a record, by the names of fields. `fileTypes` are those of its files. */
export interface RecordValues {
  readonly values: ReadonlyMap<string, unknown>;
  readonly fileTypes: readonly string[];
}

/** Tells of records; asked for those of a batch beforehand. */
export interface KnownRecords {
  /** Null for a record that nobody has told of. */
  valuesOf(record: string): RecordValues | null;
  /** Communities that it belonged to at the instant, by id; null for a record that nobody has told of. */
  communitiesAt(record: string, instant: number): readonly string[] | null;
}

/** Fields that are no part of what happened. */
const COMMUNITIES = "community_ids";
const MARK = "enrichment";

/** The event without what enriching added, by us before or by the original. */
export function bareEvent(source: EventSource, enrichedFields: Iterable<string>): EventSource {
  const left = new Set([...enrichedFields, COMMUNITIES, MARK]);
  return Object.fromEntries(Object.entries(source).filter(([name]) => !left.has(name)));
}

export interface Enriching {
  readonly type: EventType;
  readonly enrichment: Enrichment;
  /** Names of fields that may be there from an earlier enriching. */
  readonly earlier: readonly string[];
  readonly records: KnownRecords;
}

/** The event with the values of its record, the communities of its instant, and the mark of the configuration. */
export function enrichedEvent(source: EventSource, { type, enrichment, earlier, records }: Enriching): EventSource {
  const names = [...earlier, ...enrichment.fields.map(({ name }) => name)];
  const bare = bareEvent(source, names);
  const record = textOf(source["recid"]);
  const known = record === null ? null : records.valuesOf(record);
  const added = enrichment.fields.map((field) => [field.name, valueOf(field, { type, source, known })] as const);
  return {
    ...bare,
    ...Object.fromEntries(added),
    [COMMUNITIES]: communitiesOf(source, records),
    [MARK]: enrichment.configuration,
  };
}

/** Of a record that nobody has told of, the event itself may know. */
function communitiesOf(source: EventSource, records: KnownRecords): unknown {
  const record = textOf(source["recid"]);
  const instant = instantOf(source["timestamp"]);
  const told = record === null || instant === null ? null : records.communitiesAt(record, instant);
  return told ?? source[COMMUNITIES] ?? [];
}

interface Circumstances {
  readonly type: EventType;
  readonly source: EventSource;
  readonly known: RecordValues | null;
}

function valueOf({ name, kind }: EnrichedField, { type, source, known }: Circumstances): unknown {
  if (kind !== "fileTypes") return known?.values.get(name) ?? null;
  if (type === "view") return known?.fileTypes ?? null;
  const own = fileTypeOf(textOf(source["file_key"]));
  return own === null ? null : [own];
}

/** The values of a record's metadata, only the keys that a breakdown names: nothing else may get into an event. */
export function recordValue(metadata: unknown, { kind, sources, multiple }: EnrichedField): unknown {
  const found = sources.flatMap((source) =>
    entriesAt(metadata, source.entries).flatMap((entry): readonly unknown[] => {
      return kind === "entries" ? projected(entry, source) : texts(entry);
    }),
  );
  return multiple ? found : (found[0] ?? null);
}

function projected(entry: unknown, { id, label, orName }: ValueSource): readonly object[] {
  if (typeof entry !== "object" || entry === null) return [];
  const wanted = new Set([id, label, orName]);
  const kept = Object.entries(entry).filter(([key, value]) => wanted.has(key) && value !== null);
  return kept.length === 0 ? [] : [Object.fromEntries(kept)];
}

function texts(entry: unknown): readonly string[] {
  const text = textOf(entry);
  return text === null ? [] : [text];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function instantOf(value: unknown): number | null {
  return typeof value === "string" ? parseInstant(value) : null;
}

/** Lower-cased text after the last dot (T9.1 decision 13). */
function fileTypeOf(key: string | null): string | null {
  const dot = key?.lastIndexOf(".") ?? -1;
  return key === null || dot < 0 || dot === key.length - 1 ? null : key.slice(dot + 1).toLowerCase();
}
