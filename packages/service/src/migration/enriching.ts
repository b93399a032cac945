import { isDeepStrictEqual } from "node:util";
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

const COMMUNITIES = "community_ids";
const MARK = "enrichment";

/** Names of fields that are no part of what happened: this enriching adds them, or an earlier one did. */
export function addedFields({ fields }: Enrichment, earlier: Iterable<string>): ReadonlySet<string> {
  return new Set([...earlier, ...fields.map(({ name }) => name), COMMUNITIES, MARK]);
}

/** Whether both tell of the same, whatever was added to either. */
export function isSameEvent(a: EventSource, b: EventSource, added: ReadonlySet<string>): boolean {
  const own = Object.keys(a).filter((name) => !added.has(name));
  const others = Object.keys(b).filter((name) => !added.has(name));
  return own.length === others.length && own.every((name) => Object.hasOwn(b, name) && isSameValue(a[name], b[name]));
}

function isSameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && isDeepStrictEqual(a, b));
}

export interface Enriching {
  readonly type: EventType;
  readonly enrichment: Enrichment;
  /** What `addedFields` told. */
  readonly added: ReadonlySet<string>;
  readonly records: KnownRecords;
}

/** The event with the values of its record, the communities of its instant, and the mark of the configuration. */
export function enrichedEvent(source: EventSource, { type, enrichment, added, records }: Enriching): EventSource {
  const record = textOf(source["recid"]);
  const known = record === null ? null : records.valuesOf(record);
  const event: Record<string, unknown> = {};
  for (const name in source) if (!added.has(name)) event[name] = source[name];
  for (const field of enrichment.fields) event[field.name] = valueOf(field, { type, source, known });
  event[COMMUNITIES] = communitiesOf(source, records);
  event[MARK] = enrichment.configuration;
  return event;
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
