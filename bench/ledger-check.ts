import { RECORD_COUNTERS, RECORD_INDEX } from "@community-stats/contract/counters.ts";
import type { Basis } from "@community-stats/contract/metrics.ts";
import type { LedgerBook, LedgerScope } from "../packages/service/src/domain/ledger.ts";
import { NO_DAY, type RecordHistory } from "../packages/service/src/domain/record-history.ts";
import { unpackRecordDays, unpackRecordRows } from "../packages/service/src/domain/record-packing.ts";

/** One book of a ledger. */
interface Booked {
  readonly scope: LedgerScope;
  readonly basis: Basis;
}

/** What is left at the end is what simple counting finds active for good; the newest sums of a breakdown are those of its rows until then. */
export function check(history: RecordHistory, booked: Booked, book: LedgerBook): void {
  const left = recordsLeft(book);
  for (const [breakdown, records] of activeForGood(history, booked)) {
    if ((left.get(breakdown) ?? 0) === records) continue;
    const where = `${JSON.stringify(booked)}, "${breakdown}"`;
    throw new Error(`${where}: ${records} records are left, the ledger has ${left.get(breakdown) ?? 0}`);
  }
  for (const { breakdown, year, data } of book.checkpoints) {
    const sum = sumOfRows(book.years.filter((part) => part.breakdown === breakdown && part.year <= year));
    const told = new Float64Array(RECORD_COUNTERS.length);
    unpackRecordRows(data, (_, counters) => addTo(told, counters));
    if (told.some((value, index) => value !== sum[index])) {
      throw new Error(
        `${JSON.stringify(booked)}, "${breakdown}": the checkpoint of ${year} is not the sum of its rows`,
      );
    }
  }
}

function addTo(sum: Float64Array, counters: Float64Array): void {
  counters.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value));
}

function sumOfRows(parts: LedgerBook["years"]): Float64Array {
  const sum = new Float64Array(RECORD_COUNTERS.length);
  for (const { data } of parts) unpackRecordDays(data, (_, __, counters) => addTo(sum, counters));
  return sum;
}

/** Records added and not removed by breakdown, over all values. */
function recordsLeft({ years }: LedgerBook): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const [breakdown, parts] of Map.groupBy(years, (part) => part.breakdown)) {
    const sum = sumOfRows(parts);
    const at = (name: keyof typeof RECORD_INDEX): number => sum[RECORD_INDEX[name]] ?? 0;
    const added = at("recordsAddedMetadataOnly") + at("recordsAddedWithFiles");
    left.set(breakdown, added - at("recordsRemovedMetadataOnly") - at("recordsRemovedWithFiles"));
  }
  return left;
}

/** How many values the last states of the records carry that stay in the scope; the totals are one value. */
function activeForGood(history: RecordHistory, booked: Booked): ReadonlyMap<string, number> {
  const { records, values } = history;
  const active = new Map<string, number>();
  for (let record = 0; record < records.count; record++) {
    if (!staysForGood(history, booked, record)) continue;
    const state = (records.firstState[record + 1] ?? 0) - 1;
    active.set("", (active.get("") ?? 0) + 1);
    for (const { breakdown, setOf, setStart } of values) {
      const set = setOf[state] ?? 0;
      active.set(breakdown, (active.get(breakdown) ?? 0) + (setStart[set + 1] ?? 0) - (setStart[set] ?? 0));
    }
  }
  return active;
}

function staysForGood(
  { records, deletions, memberships }: RecordHistory,
  { scope, basis }: Booked,
  record: number,
): boolean {
  if (basis === "published" && records.published[record] === NO_DAY) return false;
  const deleted = (records.firstDeletion[record + 1] ?? 0) - 1;
  if (deleted >= (records.firstDeletion[record] ?? 0) && deletions.close[deleted] === Infinity) return false;
  if (scope.kind === "global") return true;
  for (let at = records.firstMembership[record] ?? 0; at < (records.firstMembership[record + 1] ?? 0); at++)
    if (memberships.community[at] === scope.code && memberships.close[at] === Infinity) return true;
  return false;
}
