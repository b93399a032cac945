import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayOfRows } from "./event-rows.ts";
import type {
  AppendReport,
  CommunityLine,
  EventDay,
  EventDayInfo,
  FactBatch,
  FactProblem,
  FactSummary,
  GeneratedDay,
  NewestState,
  SourceCursor,
  StoredDeletionLine,
  StoredMembershipLine,
  StoredRecordLine,
  TermKind,
} from "./facts.ts";

/** The facts: the only thing that cannot be rebuilt. Any number of processes may append and read at once. */
export interface FactStore {
  /**
   * Appends a batch and the source's new cursor in one commit; facts that are there already are not counted again.
   * @param signal ends an append that is not committed so far, with its reason as the error. A store without commits of many days may have
   * stored some of the days by then, each of them whole.
   */
  append(batch: FactBatch, cursor?: SourceCursor | null, signal?: AbortSignal): Promise<AppendReport>;
  /**
   * Puts small batches that wait for company into their lasting form; no fact changes. Done before counting, and any time.
   * @param signal ends it early; what is left waits for the next time.
   */
  settle(signal?: AbortSignal): Promise<void>;
  cursor(source: string): Promise<string | null>;
  /** What `append` would answer, without writing. */
  preview(batch: FactBatch): Promise<AppendReport>;
  /** Days with events, ascending. */
  eventDays(): Promise<readonly EventDayInfo[]>;
  /** One value per given day that has events, in the order given. An unreadable day throws `FactsUnreadableError` naming it. */
  events(days: readonly DayNumber[]): AsyncIterable<EventDay>;
  /** Days with generated events, ascending. */
  generatedDays(): Promise<readonly GeneratedDay[]>;
  /** Removes the generated events of these days for good, in one commit for all or for each; those days have changed. Returns how many. */
  removeGenerated(days: readonly DayNumber[]): Promise<number>;
  /** As `events`, but all that is kept of each event, and out of the store itself, where `events` may take what it has read before: for copies and proofs. */
  eventRows(days: readonly DayNumber[]): AsyncIterable<DayOfRows>;
  /** Texts of the codes from `fromCode` on; codes are dense and never reused. */
  terms(kind: TermKind, fromCode?: number): Promise<readonly string[]>;
  /** All record lines: grouped by parent, then record, then ascending by `updated` and canonical source. */
  recordLines(): AsyncIterable<StoredRecordLine>;
  /** The newest state of each named record, or of each record of a named parent, in no particular order; unknown names are left out. */
  newestStates(by: "record" | "parent", names: readonly string[]): Promise<readonly NewestState[]>;
  /** The parent of each record by its newest line, in the order given; null for a record that no line names. */
  parentsOf(records: readonly string[]): Promise<readonly (string | null)[]>;
  membershipLines(): AsyncIterable<StoredMembershipLine>;
  deletionLines(): AsyncIterable<StoredDeletionLine>;
  /** Greatest `seq` of record, membership and deletion facts; 0 without any. */
  recordSeq(): Promise<number>;
  /** The newest line of every community, by id. */
  communities(): Promise<readonly CommunityLine[]>;
  summary(): Promise<FactSummary>;
  /** `generated` of the summary; only where the rest of it is dear. */
  isGenerated?(): Promise<boolean>;
  problems(): Promise<readonly FactProblem[]>;
  close(): Promise<void>;
}
