import { StatsError } from "@community-stats/contract/problems.ts";
import type { ListedState } from "@community-stats/contract/records.ts";
import { compareCodePoints } from "../domain/code-points.ts";
import type { RecordDirectory } from "./record-directory.ts";
import type { RecordHead } from "./record-head.ts";
import type { RecordScope } from "./record-plan.ts";

/** There is no such record, or it may not be named to the caller: the two look the same. */
export class UnknownRecordError extends StatsError {
  readonly code = "UNKNOWN_RECORD";
  readonly status = 404;
  readonly hint =
    "Use the id of a published version. The use of a restricted record is told within its restricted community only.";
  constructor(record: string) {
    super(`There is no use of a record "${record.length > 100 ? `${record.slice(0, 97)}…` : record}" to tell.`);
  }
}

/**
 * How a record may be named within a scope; null where it may not. Who may read a restricted community is its member, and its members may
 * read the records that are in it now.
 */
export function stateIn({ key, isRestricted }: RecordScope, head: RecordHead): ListedState | null {
  const isOpen = !head.restricted || (isRestricted && head.communities.includes(key));
  if (!isOpen) return null;
  if (head.deleted) return "deleted";
  return head.restricted ? "restricted" : "public";
}

/** A record as it may be named. */
export interface NamedRecord {
  readonly head: RecordHead;
  readonly state: ListedState;
}

/** Of all versions of a work the one that names it: the newest that is not deleted, else the newest; null where none may be named. */
export function nameOf(scope: RecordScope, versions: readonly RecordHead[]): NamedRecord | null {
  const named = versions.flatMap((head): NamedRecord[] => {
    const state = stateIn(scope, head);
    return state === null ? [] : [{ head, state }];
  });
  const rank = ({ state }: NamedRecord) => Number(state === "deleted");
  const [best] = named.toSorted(
    (a, b) => rank(a) - rank(b) || b.head.created - a.head.created || compareCodePoints(b.head.record, a.head.record),
  );
  return best ?? null;
}

/** @throws UnknownRecordError */
export async function namedRecord(
  directory: RecordDirectory,
  scope: RecordScope,
  record: string,
): Promise<NamedRecord> {
  const heads = await directory.heads("record", [record]);
  const named = nameOf(scope, heads.get(record) ?? []);
  if (named === null) throw new UnknownRecordError(record);
  return named;
}
