import { compareCodePoints } from "../domain/code-points.ts";
import type { DeletionLine, NewestState, StoredRecordLine } from "./facts.ts";

/** The newest state of each record of the lines, which may come in any order. Both must hold all that is known of these records. */
export function newestStates(
  lines: readonly StoredRecordLine[],
  deletions: readonly DeletionLine[],
): readonly NewestState[] {
  const newest = new Map<string, StoredRecordLine>();
  for (const line of lines) {
    const known = newest.get(line.record);
    if (known === undefined || isNewer(line, known)) newest.set(line.record, line);
  }
  const deleted = new Map<string, number>();
  for (const { record, at } of deletions) deleted.set(record, Math.max(at, deleted.get(record) ?? at));
  return Array.from(newest.values(), (line) => ({
    line,
    // A line that is newer than the deletion and does not repeat it restores the record (T9.1 decision 6).
    deleted: line.deleted || (deleted.get(line.record) ?? Number.NEGATIVE_INFINITY) >= line.updated,
  }));
}

/** Of several lines of one instant the one with the greatest source counts. */
function isNewer(line: StoredRecordLine, known: StoredRecordLine): boolean {
  if (line.updated !== known.updated) return line.updated > known.updated;
  return compareCodePoints(line.source(), known.source()) > 0;
}
