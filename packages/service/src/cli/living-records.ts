import { dayNumber, type Day, dayNumberOf } from "@community-stats/contract/days.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { StoredRecordLine } from "../engine/facts.ts";

export interface RecordFilters {
  /** Day of creation, inclusive. */
  readonly startDay: Day | null;
  readonly endDay: Day | null;
  /** Only these; all where it is empty. */
  readonly records: ReadonlySet<string>;
}

/** The newest line of every record that is not deleted and fits. */
export async function livingRecords(facts: FactStore, filters: RecordFilters): Promise<readonly StoredRecordLine[]> {
  const newest = new Map<string, StoredRecordLine>();
  for await (const line of facts.recordLines()) if (fits(line, filters)) newest.set(line.record, line);
  for await (const { record } of facts.deletionLines()) newest.delete(record);
  return [...newest.values()].filter(({ deleted }) => !deleted);
}

function fits({ record, created }: StoredRecordLine, { startDay, endDay, records }: RecordFilters): boolean {
  if (records.size > 0 && !records.has(record)) return false;
  const day = dayNumberOf(created);
  return (startDay === null || day >= dayNumber(startDay)) && (endDay === null || day <= dayNumber(endDay));
}
