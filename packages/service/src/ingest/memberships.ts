import { type Instant, parseInstant } from "@community-stats/contract/days.ts";
import type { DeletionLine, MembershipLine } from "../engine/facts.ts";
import { isAbsent, type JsonObject, type LineResult, reject, skip, termOf } from "./document.ts";
import { unwrap } from "./kinds.ts";

/** One line can tell of two things: a change of membership and the deletion of the record. */
export interface MembershipFacts {
  readonly membership: MembershipLine | null;
  readonly deletion: DeletionLine | null;
}

/** A document of `stats-community-events`. What it says of "global" the record says itself; only a deletion is taken from it. */
export function membershipFacts(value: JsonObject): LineResult<MembershipFacts> {
  const { document } = unwrap(value);
  const record = termOf(document["record_id"]);
  const community = termOf(document["community_id"]);
  if (record === null) return reject("no record_id");
  if (community === null) return reject("no community_id");
  const deletion = deletionOf(document, record);
  if (deletion === "bad") return reject("deleted_date is no time");
  if (community === "global" && deletion === null) return skip("about the whole repository: the record says it itself");
  if (community === "global") return { kind: "fact", fact: { membership: null, deletion } };
  const { event_type: type } = document;
  if (type !== "added" && type !== "removed") return reject("event_type is neither added nor removed");
  const at = timeOf(document["event_date"]);
  if (at === null) return reject("event_date is no time");
  return { kind: "fact", fact: { membership: { record, community, type, at }, deletion } };
}

/** After a restore `deleted_date` is null and `is_deleted` false. */
function deletionOf(document: JsonObject, record: string): DeletionLine | "bad" | null {
  if (document["is_deleted"] !== true || isAbsent(document["deleted_date"])) return null;
  const at = timeOf(document["deleted_date"]);
  return at === null ? "bad" : { record, at };
}

function timeOf(value: unknown): Instant | null {
  return typeof value === "string" ? parseInstant(value) : null;
}
