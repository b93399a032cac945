import type { DayNumber, Instant } from "@community-stats/contract/days.ts";
import type { UsageDay } from "../domain/kernel-events.ts";

/**
 * What is stored of the world, append-only. Strings are interned: facts hold int32 codes, and `FactStore.terms` gives the texts.
 * `NO_TERM` stands wherever a code is optional and nothing is named.
 */
export type TermKind =
  | "record"
  | "parent"
  | "owner"
  | "country"
  | "referrer"
  | "fileType"
  | "community"
  /** JSON text of an array of community ids, in the order the source gave. */
  | "communitySet";

export const VIEW = 0;
export const DOWNLOAD = 1;
export const HUMAN = 0;
export const MACHINE = 1;
export { ROBOT } from "../domain/kernel-events.ts";

/**
 * Events as parallel columns of equal length `count`. Term columns are indices into `dictionaries`. Batches may have dictionaries in common, which
 * grow from one to the next: they can hold more than the batch names, and what stands in one never changes.
 */
export interface EventBatch {
  readonly count: number;
  /** 128-bit identity, four words per event. */
  readonly id: Uint32Array;
  /** Epoch milliseconds, possibly with microseconds as fraction. */
  readonly instant: Float64Array;
  /** `updated_timestamp` likewise; NaN where the source has none. */
  readonly updated: Float64Array;
  readonly kind: Uint8Array;
  readonly reader: Uint8Array;
  readonly viaApi: Uint8Array;
  readonly record: Int32Array;
  readonly parent: Int32Array;
  readonly country: Int32Array;
  /** Host of the referrer only. */
  readonly referrer: Int32Array;
  /** Type of the downloaded file: lower-cased text after the last dot of its name (T9.1 decision 13). */
  readonly fileType: Int32Array;
  readonly communitySet: Int32Array;
  /** 64-bit hash of the visitor, two words per event. */
  readonly visitor: Uint32Array;
  /** 64-bit hash of the file id, two words per event; zero for views. */
  readonly file: Uint32Array;
  readonly bytes: Float64Array;
  /** Which optional fields the source gave, gave as null, or left out: two bits each (event-rank.ts). */
  readonly presence: Uint16Array;
  /** 1 where the event is generated, not observed. */
  readonly generated: Uint8Array;
  readonly dictionaries: Readonly<Record<EventTermKind, readonly string[]>>;
}
export type EventTermKind = "record" | "parent" | "country" | "referrer" | "fileType" | "communitySet";

/**
 * The distinct events of one day, in no particular order; term columns hold store-wide codes. NO_TERM where an event names no parent, or
 * its source recorded no communities: then membership at the instant decides.
 */
export interface EventDay extends UsageDay {
  readonly viaApi: Uint8Array;
}

/** One day that has events. */
export interface EventDayInfo {
  readonly day: DayNumber;
  readonly count: number;
  /** Grows with every append that touched the day. */
  readonly version: number;
}

/** How many events of a day are generated, not observed. */
export interface GeneratedDay {
  readonly day: DayNumber;
  readonly count: number;
}

export interface FileFact {
  readonly key: string;
  readonly type: string | null;
  /** Null where the source does not say. */
  readonly bytes: number | null;
  readonly checksum: string | null;
}

/** One line about a record as ingest understood it: the state from `from` until the next one. */
export interface RecordLine {
  readonly record: string;
  readonly parent: string;
  readonly created: Instant;
  /** `updated` of the line; `created` where it has none. Orders the lines of one record. */
  readonly updated: Instant;
  readonly deleted: boolean;
  /** Only where `deleted`: `tombstone.removal_date`, or null. */
  readonly removed: Instant | null;
  readonly owner: string | null;
  /** First day of the publication date, or null where it is no date (T9.1 decision 3). */
  readonly published: DayNumber | null;
  readonly filesEnabled: boolean;
  readonly files: readonly FileFact[];
  /** `parent.communities.ids`. */
  readonly communities: readonly string[];
  /** The metadata source: canonical JSON (sorted keys) of the parts of the line that breakdowns can name, whole. */
  readonly source: string;
  readonly generated: boolean;
}

export interface MembershipLine {
  readonly record: string;
  /** Never "global". */
  readonly community: string;
  readonly type: "added" | "removed";
  readonly at: Instant;
}

/** A deletion that a membership line tells of (T9.1 decision 6). */
export interface DeletionLine {
  readonly record: string;
  readonly at: Instant;
}

export interface CommunityLine {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly created: Instant | null;
  readonly updated: Instant | null;
  readonly visibility: "public" | "restricted";
  readonly deleted: boolean;
  /** Custom field `stats:dashboard_enabled`; null where it is not set. */
  readonly dashboardEnabled: boolean | null;
  /** Custom field `stats:dashboard_layout` as JSON text, or null. */
  readonly layout: string | null;
  readonly parent: string | null;
}

export interface FactBatch {
  readonly events?: EventBatch;
  readonly records?: readonly RecordLine[];
  readonly memberships?: readonly MembershipLine[];
  readonly deletions?: readonly DeletionLine[];
  readonly communities?: readonly CommunityLine[];
}

/** Where a source is; stored in the same commit as the batch. */
export interface SourceCursor {
  readonly source: string;
  readonly position: string;
}

export interface AppendCount {
  /** New facts. */
  readonly accepted: number;
  /** Already there, or outranked by what is there. */
  readonly known: number;
  /** Events that replace one of the same identity and lower rank. */
  readonly superseded: number;
}
export interface AppendReport {
  readonly events: AppendCount;
  readonly records: AppendCount;
  readonly memberships: AppendCount;
  readonly communities: AppendCount;
}

/** A stored record line. `seq` grows with every record, membership or deletion fact of the store. */
export interface StoredRecordLine extends Omit<RecordLine, "source"> {
  readonly seq: number;
  /** Decompresses when called: most runs have the extracted values cached by `seq`. */
  source(): string;
  /** The source as the store keeps it (`packed-source.ts`), where it does: another thread may unpack it. */
  readonly packed?: Uint8Array;
}
/** What is known of a record now: its newest line, and whether that or a later membership line says that it is deleted. */
export interface NewestState {
  readonly line: StoredRecordLine;
  readonly deleted: boolean;
}
export interface StoredMembershipLine extends MembershipLine {
  readonly seq: number;
}
export interface StoredDeletionLine extends DeletionLine {
  readonly seq: number;
}

/** What is wrong with the stored facts, for `status`. Nothing of it stops a run. */
export interface FactProblem {
  readonly kind: "foreign-file" | "orphan-file" | "missing-file" | "unreadable-file";
  readonly path: string;
  readonly detail: string;
}
export interface FactSummary {
  readonly events: number;
  readonly firstEventDay: DayNumber | null;
  readonly lastEventDay: DayNumber | null;
  readonly records: number;
  readonly recordLines: number;
  readonly memberships: number;
  readonly communities: number;
  /** True when any stored event or record is generated. */
  readonly generated: boolean;
  readonly bytes: number;
}
