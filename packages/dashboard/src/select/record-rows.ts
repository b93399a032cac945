import type { ListedRecord, RecordListAnswer } from "@community-stats/contract/records.ts";

/** One line of a list of records. */
export interface RecordRow {
  readonly record: ListedRecord;
  readonly value: number;
  /** Share of all use of the scope, or null where there is none. */
  readonly share: number | null;
  /** Of the largest value, from 0 to 1: how long its bar is. */
  readonly size: number;
}

/** The listed records in the order of the answer. Records without any use are no use to a reader. */
export function recordRows(answer: RecordListAnswer): readonly RecordRow[] {
  const { metric, records, totals } = answer;
  const used = records.filter(({ metrics }) => metrics[metric] > 0);
  const largest = Math.max(1, ...used.map(({ metrics }) => metrics[metric]));
  return used.map((record) => {
    const value = record.metrics[metric];
    return { record, value, share: totals[metric] > 0 ? value / totals[metric] : null, size: value / largest };
  });
}
