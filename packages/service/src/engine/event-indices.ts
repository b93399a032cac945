import type { LabelShape, ValueSource } from "@community-stats/contract/breakdowns.ts";

export const EVENT_TYPES = ["view", "download"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A field that enriched events have for a breakdown. */
export interface EnrichedField {
  readonly name: string;
  /** `entries`: objects of an id and a label; `texts`: the values themselves; `fileTypes`: of the record's files, or of the downloaded one. */
  readonly kind: "entries" | "texts" | "fileTypes";
  readonly sources: readonly ValueSource[];
  readonly label: LabelShape;
  readonly multiple: boolean;
}

/** What events of one configuration are enriched with. */
export interface Enrichment {
  /** Digest of the fields: it stands in every document and in the mapping of its index. */
  readonly configuration: string;
  readonly fields: readonly EnrichedField[];
}

/** Documents of one shard, numbered in the order in which they were last written. */
export interface EventShard {
  readonly shard: number;
  /** Of the document written last; -1 without any. */
  readonly lastSeqNo: number;
}

/** An index of the repository that holds events of one month or day. */
export interface EventIndex {
  readonly name: string;
  /** Another one when the index was made anew. */
  readonly uuid: string;
  readonly type: EventType;
  /** "2025-03". */
  readonly month: string;
  /** `plain`: as the repository writes it; `copy`: made by the original at a cut-over; `enriched`: with a version in its name. */
  readonly form: "plain" | "copy" | "enriched";
  /** Last part of the version "2.0.n" of an enriched one. */
  readonly version: number | null;
  /** What it is enriched with; null where this product did not make it. */
  readonly configuration: string | null;
  /** Names of the fields that enriching has added. */
  readonly enrichedFields: readonly string[];
  readonly aliases: readonly string[];
  /** Refuses writes. */
  readonly isBlocked: boolean;
  readonly shards: readonly EventShard[];
  readonly count: number;
}

/** Fields of an event document. */
export type EventSource = Readonly<Record<string, unknown>>;
export interface EventDocument {
  readonly id: string;
  readonly source: EventSource;
}
export interface NumberedEvent extends EventDocument {
  readonly seqNo: number;
}
/** A document as it is now; with what an overwriting must name to be sure that nobody else wrote in between. */
export interface PresentEvent extends NumberedEvent {
  readonly term: number;
}

/** `create` leaves what is there; `unchanged` writes only over exactly the document that was read. */
export type EventWrite =
  | ({ readonly mode: "index" | "create" } & EventDocument)
  | ({ readonly mode: "unchanged"; readonly seqNo: number; readonly term: number } & EventDocument);

export type AliasAction =
  | { readonly kind: "add" | "remove"; readonly index: string; readonly alias: string }
  | { readonly kind: "removeIndex"; readonly index: string };

export interface ShardSearch {
  readonly index: string;
  readonly shard: number;
  /** Documents after this number, up to and with `upTo`. */
  readonly after: number;
  readonly upTo: number;
  readonly pageSize: number;
}

/** The repository's monthly indices of events: read, copied, renamed. Names carry the instance's prefix; no other instance's are reached. */
export interface EventIndices {
  /** Without the month: the alias by which everybody reads. */
  readAlias(type: EventType): string;
  /** The name that the repository writes a month's events to. */
  writeName(type: EventType, month: string): string;
  /** By name. */
  list(): Promise<readonly EventIndex[]>;
  /** Makes what was written until now visible to reading. */
  refresh(index: string): Promise<void>;
  /** Makes an index for enriched events; does nothing when it is there. */
  create(index: string, enrichment: Enrichment): Promise<void>;
  pages(search: ShardSearch): AsyncIterable<readonly NumberedEvent[]>;
  /** Ids of documents that are not enriched by this configuration. */
  unenriched(index: string, configuration: string, pageSize: number): AsyncIterable<readonly string[]>;
  /** In the order of the ids; null where there is none. */
  present(index: string, ids: readonly string[]): Promise<readonly (PresentEvent | null)[]>;
  /** Those of the ids that reading shows, quicker than `present` for many that were written together. */
  shown(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, EventSource>>;
  /** Which of the ids there are. */
  known(index: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  ids(index: string, pageSize: number): AsyncIterable<readonly string[]>;
  count(index: string): Promise<number>;
  write(index: string, writes: readonly EventWrite[]): Promise<void>;
  /** All or none, in one moment. */
  switchAliases(actions: readonly AliasAction[]): Promise<void>;
  /** Refuses writes, or lets them in again. */
  block(index: string, isBlocked: boolean): Promise<void>;
  /** Removes an index of this product that nobody reads. */
  drop(index: string): Promise<void>;
  /** Why nothing should be asked of the cluster now; null when it is well. */
  ailment(): Promise<string | null>;
}
