import type { RecordLine, StoredRecordLine } from "./facts.ts";

/** A stored line as it was appended, without what the store added. */
export function appendedLine({ seq: _seq, packed: _packed, ...line }: StoredRecordLine): RecordLine {
  return { ...line, source: line.source() };
}
