import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { OracleQuery, Range, RecordUse } from "../oracle/oracle.ts";
import type { LineKind } from "./arrivals.ts";

export interface SystemSettings {
  readonly breakdowns: readonly Breakdown[];
  readonly topLimit: number;
}

/** What is put to the test: the way from lines to documents, on whatever engine. */
export interface SystemUnderTest {
  /** Lines of one kind, each a JSON text, as they would stand in a file. */
  ingestLines(kind: LineKind, lines: readonly string[]): Promise<void>;
  /** Counts everything up to the day, both ends included. */
  aggregate(options: { readonly endDate: string }): Promise<void>;
  /** The daily documents from an explicit first day on; write times may be there. */
  documents(query: OracleQuery): Promise<readonly object[]>;
  /** The answer to any query of the statistics API, as it is on the wire. */
  answer(query: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Events of each day and record, by day and id, as they were stored beside the numbers of the scope. */
  useOfRecords(range: Range): Promise<readonly RecordUse[]>;
  /** Goes on with the same facts under other settings. */
  reconfigure(settings: SystemSettings): Promise<void>;
  /** Digest of everything derived; equal facts give equal digests. */
  digest(): Promise<string>;
  close(): Promise<void>;
}

/** Opens a system that holds nothing. */
export type OpenSystem = (settings: SystemSettings) => Promise<SystemUnderTest>;
