import type { EventField } from "@community-stats/contract/breakdowns.ts";
import type { RecordHistory } from "./record-history.ts";

/**
 * A breakdown of use as the kernel sees it. `record`: by the values of the record's state. `event`: by a field of the event.
 * `file`: views by the values of the state, downloads by the type of the file.
 */
export interface UsageBreakdown {
  readonly name: string;
  readonly from: "record" | "event" | "file";
  /** Which column of the event gives the value; "fileType" for downloads of a `file` breakdown, null for `record`. */
  readonly field: EventField | "fileType" | null;
  /** RollupStore code of the value by FactStore code of the field; empty for `record`. */
  readonly codeOfTerm: Int32Array;
  /** Code of the empty id: what carries no value. */
  readonly notStated: number;
  /** One more than the greatest code. */
  readonly codes: number;
}

/**
 * What the kernel must know beside the events, on shared memory where it is large. Scopes are RollupStore codes.
 * Codes that events use but these tables do not reach are an `UnknownTermError`: the tables are older than the events.
 */
export interface UsageDims {
  readonly history: RecordHistory;
  readonly breakdowns: readonly UsageBreakdown[];
  readonly globalScope: number;
  /** Scope by community code of the history. */
  readonly scopeOfCommunity: Int32Array;
  /** Recorded community sets: scopes of FactStore code `set` are `setScopes[setStart[set]..setStart[set + 1])`, ascending, each once, without the global one. */
  readonly setStart: Int32Array;
  readonly setScopes: Int32Array;
}

/** An event has a code that the tables do not know yet: read the terms again. */
export class UnknownTermError extends RangeError {
  readonly kind: string;
  readonly code: number;

  constructor(kind: string, code: number) {
    super(`events use ${kind} code ${code}, which is newer than the tables of this run`);
    this.name = "UnknownTermError";
    this.kind = kind;
    this.code = code;
  }
}
