import type { DayNumber } from "@community-stats/contract/days.ts";

/** What a blob counts. `usage-records` is the day's use per record (domain/packing.ts), always of the global scope. */
export const ROLLUP_KINDS = [
  "usage",
  "records-added",
  "records-created",
  "records-published",
  "usage-records",
] as const;
export type RollupKind = (typeof ROLLUP_KINDS)[number];

/**
 * One packed blob. Its period is a day number for daily usage, a year for records; a checkpoint holds the sums up to the end of its year.
 * `breakdown` is "" for the totals, else the breakdown's name; `scope` is a code of `intern("scope", …)`.
 */
export interface RollupBlob {
  readonly kind: RollupKind;
  readonly scope: number;
  readonly breakdown: string;
  readonly period: number;
  readonly data: Uint8Array;
}
export interface RollupRange {
  readonly kind: RollupKind;
  readonly scope: number;
  readonly breakdown: string;
  /** Inclusive periods. */
  readonly from: number;
  readonly to: number;
}
export interface RollupPart {
  readonly period: number;
  readonly data: Uint8Array;
}

/** Several breakdowns of one scope over the same periods. */
export interface RollupsTogether extends Omit<RollupRange, "kind" | "breakdown"> {
  readonly kind: Exclude<RollupKind, "usage-records">;
  /** Each once. */
  readonly breakdowns: readonly string[];
  /** What lies before is wanted as well: the newest checkpoint at or before `year`, and the parts after it, the first of all in `since`. */
  readonly opening: { readonly since: number; readonly year: number } | null;
}
export interface RollupsOfBreakdown {
  /** Null where none is wanted, and where there is none. */
  readonly checkpoint: RollupPart | null;
  /** Ascending by period. */
  readonly parts: readonly RollupPart[];
}

/** With which facts a day of use was counted. */
export interface CountedDay {
  readonly day: DayNumber;
  readonly eventVersion: number;
  readonly recordSeq: number;
}

/**
 * The use of one day as columns: blob `n` holds the rows of scope `scope[n]` and of breakdown `breakdown[n]` in the order of the batch,
 * as `data.subarray(start[n], start[n + 1])`. Ascending by scope, then breakdown; each pair once.
 */
export interface DayOfUse extends CountedDay {
  readonly scope: Int32Array;
  readonly breakdown: Int32Array;
  readonly start: Int32Array;
  readonly data: Uint8Array;
  /** The only blob of "usage-records"; empty where nothing was used. */
  readonly records: Uint8Array;
}
/** Days that are written together: there are thousands of small blobs to a day, too many to make objects of them. */
export interface UsageBatch {
  readonly days: readonly DayOfUse[];
  /** The first is "", the totals. */
  readonly breakdowns: readonly string[];
  readonly globalScope: number;
}

/** One rule version's numbers. Exactly one generation is live; another may be under construction. */
export interface Generation {
  readonly id: number;
  readonly ruleVersion: string;
  readonly live: boolean;
  /** JSON text that explains the rule version: breakdowns and rules. */
  readonly rules: string;
}
/** How far a generation is complete. */
export interface Progress {
  /** Last day fully counted, all kinds; null before the first full run. */
  readonly through: DayNumber | null;
  /** Last day that has rollups, complete or not (today is never complete). */
  readonly counted: DayNumber | null;
  /** `FactStore.recordSeq()` that the ledger has seen; -1 before. */
  readonly recordSeq: number;
  /** Scopes whose records could not be booked: their numbers are those of older facts, or there are none. Ascending. */
  readonly failedScopes: readonly number[];
  /** Epoch milliseconds of the end of the last run; null before. */
  readonly updatedAt: number | null;
}

/** First day of a scope in a kind: days before do not exist. */
export interface FirstDay {
  readonly kind: RollupKind;
  readonly scope: number;
  readonly day: DayNumber;
}

/** A label of a value from a day on (T11). Ascending by day within a value. `label` is JSON text: a string or an object. */
export interface LabelSpan {
  readonly breakdown: string;
  readonly value: number;
  readonly from: DayNumber;
  readonly label: string;
}

/** An entry of the restatement log: numbers changed because a rule changed. */
export interface Restatement {
  readonly at: number;
  readonly fromRule: string;
  readonly toRule: string;
  /** JSON text: what changed in the rules, and global totals before and after. */
  readonly detail: string;
}

/** Where new numbers of days may be written. Plain data: it travels to whoever writes them. */
export interface UsePlaces {
  readonly write: number;
  /** Place by day. */
  readonly slots: readonly (readonly [day: DayNumber, slot: number])[];
}

/** Days that many processes write and the holder of the lease makes valid: readers see nothing of a day before that. */
export interface StagedUse {
  /** For these days, each once. From here on nobody who lost the lease can make anything of their years valid. */
  places(generation: number, days: readonly DayNumber[]): Promise<UsePlaces>;
  /** Of two tries with the same places the one with the greater `attempt` (1 to 31) prevails, in whatever order they write. */
  stage(
    generation: number,
    batch: UsageBatch,
    at: { readonly places: UsePlaces; readonly attempt: number },
  ): Promise<void>;
  /** Makes valid what an attempt wrote, as `replaceUsageDays` does. */
  validate(
    generation: number,
    days: readonly CountedDay[],
    at: { readonly places: UsePlaces; readonly attempt: number },
  ): Promise<void>;
}

/** Breakdowns that were counted in a generation of their own, and the rules that hold once they are in use. */
export interface BreakdownExchange {
  /** Where the new ones stand. Afterwards it is of no use and can be dropped. */
  readonly with: number;
  /** Names of all that come or go: those on one side only are new, or taken away. */
  readonly breakdowns: readonly string[];
  readonly ruleVersion: string;
  readonly rules: string;
  /** Null where no number changes. */
  readonly restatement: Restatement | null;
}

/** The newest checkpoint of a breakdown's use, and the days after it. */
export interface UseSinceCheckpoint {
  readonly checkpoint: RollupPart | null;
  /** Ascending. */
  readonly days: readonly RollupPart[];
}

/** Everything derived. Deleting it loses nothing but time. One writer at a time (the aggregation lease), any number of readers. */
export interface RollupStore {
  generations(): Promise<readonly Generation[]>;
  createGeneration(ruleVersion: string, rules: string): Promise<Generation>;
  /** Makes it the live one, retires the one before and logs the restatement, in one step. */
  activate(generation: number, restatement: Restatement | null): Promise<void>;
  /**
   * A generation gets breakdowns out of another one in the place of its own: rollups, checkpoints and labels of those named, nothing else.
   * In one step with the new rules and the entry of the log; whoever reads sees all of it or none.
   */
  exchangeBreakdowns(generation: number, exchange: BreakdownExchange): Promise<void>;
  dropGeneration(generation: number): Promise<void>;
  restatements(): Promise<readonly Restatement[]>;

  progress(generation: number): Promise<Progress>;
  setProgress(generation: number, progress: Progress): Promise<void>;
  countedDays(generation: number): Promise<readonly CountedDay[]>;

  /** Dense codes for texts, new ones assigned in the order given. Kinds: "scope", "record", "label", "scopeSet" and "value:<breakdown>". Shared by all generations. */
  intern(kind: string, texts: readonly string[]): Promise<Int32Array>;
  /** Texts of the codes from `fromCode` on. */
  terms(kind: string, fromCode?: number): Promise<readonly string[]>;
  /** Code of one text, or -1. */
  code(kind: string, text: string): Promise<number>;

  /** Only where several processes can write days at once. */
  readonly staged?: StagedUse;
  /** Replaces everything of these days (usage, usage-records, and checkpoints of their years and later) and notes what they were counted with. Atomic. */
  replaceUsageDays(generation: number, batch: UsageBatch): Promise<void>;
  /** Puts together, in the years of these days, what came day by day; only where that makes it quicker to read. No number changes. */
  settleUse?(generation: number, days: readonly DayNumber[], mayGoOn: () => boolean): Promise<void>;
  /** Replaces all blobs and checkpoints of a records kind in one scope. Atomic. */
  replaceRecords(
    generation: number,
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void>;
  writeCheckpoints(generation: number, blobs: readonly RollupBlob[]): Promise<void>;
  replaceFirstDays(generation: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void>;
  replaceLabels(generation: number, labels: readonly LabelSpan[]): Promise<void>;

  /** Ascending by period. */
  read(generation: number, range: RollupRange): Promise<readonly RollupPart[]>;
  /** The newest checkpoint at or before `year`, or null. */
  checkpoint(generation: number, range: Omit<RollupRange, "from" | "to">, year: number): Promise<RollupPart | null>;
  /** By breakdown; holdings as they are at one moment, use with each day as it is at one. Only where `read` and `checkpoint` are a request each. */
  readTogether?(generation: number, of: RollupsTogether): Promise<ReadonlyMap<string, RollupsOfBreakdown>>;
  /** By breakdown, up to the end of a year; only where a request for each of them would be dear. */
  useSinceCheckpoints?(
    generation: number,
    of: { readonly scope: number; readonly breakdowns: readonly string[]; readonly lastYear: number },
  ): Promise<ReadonlyMap<string, UseSinceCheckpoint>>;
  firstDays(generation: number, kind: RollupKind): Promise<readonly FirstDay[]>;
  labels(generation: number, breakdown: string): Promise<readonly LabelSpan[]>;
  /** Digests of the holdings by scope and year, of all kinds together: equal where the numbers are. Only where they are at hand. */
  holdingsDigests?(generation: number): Promise<ReadonlyMap<number, ReadonlyMap<number, string>>>;
  /** Scopes that have any blob of the kind. */
  scopes(generation: number, kind: RollupKind): Promise<readonly number[]>;

  /**
   * What was read out of facts and is kept to save time, as numbered pieces: values per record line, by its `seq` (aggregate/extracts),
   * and the columns of the history (aggregate/saved-history). `definition` guards against a changed breakdown. Written in one step.
   */
  extracts(definition: string): Promise<ReadonlyMap<number, Uint8Array>>;
  writeExtracts(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void>;
  /** Removes what is kept under any other definition. */
  dropExtractsExcept(definitions: readonly string[]): Promise<void>;

  /** Size on disk in bytes (0 in memory). */
  size(): Promise<number>;
  close(): Promise<void>;
}
