import { compareCodePoints } from "../domain/code-points.ts";
import type { CommunityLine, RecordLine } from "./facts.ts";

/** Two lines of one record with the same identity tell the same; whether a line is generated does not matter. */
export function recordLineIdentity(line: RecordLine): string {
  return JSON.stringify([
    line.record,
    line.updated,
    line.source,
    line.parent,
    line.created,
    line.deleted,
    line.removed,
    line.owner,
    line.published,
    line.filesEnabled,
    line.files.map((file) => [file.key, file.type, file.bytes, file.checksum]),
    line.communities,
  ]);
}

/** Order of the lines of one record and instant: by source, then by all else, as texts by code points (T9.1 decision 20). */
export function compareTiedLines(a: RecordLine, b: RecordLine): number {
  return compareCodePoints(a.source, b.source) || compareCodePoints(recordLineIdentity(a), recordLineIdentity(b));
}

/** True when `line` replaces `known`: the newest wins, between equals the greater text, in whatever order they arrive. */
export function replacesCommunity(line: CommunityLine, known: CommunityLine): boolean {
  const age = (line.updated ?? Number.NEGATIVE_INFINITY) - (known.updated ?? Number.NEGATIVE_INFINITY);
  return age > 0 || (!(age < 0) && communityText(line) > communityText(known));
}

function communityText(line: CommunityLine): string {
  return JSON.stringify(Object.entries(line).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
