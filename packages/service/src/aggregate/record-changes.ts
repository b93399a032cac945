import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import type { DayNumber, Instant } from "@community-stats/contract/days.ts";
import { dayNumberOf } from "@community-stats/contract/days.ts";
import { unpackRecordUse } from "../domain/packing.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { StoredRecordLine } from "../engine/facts.ts";
import type { CountedDay, RollupStore } from "../engine/rollup-store.ts";
import { isTouched, oldestSeq, type RecordChange } from "./planner.ts";

export interface SuspectSources {
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly generation: number;
  readonly globalScope: number;
  /** Seq of the newest fact. */
  readonly recordSeq: number;
}

/** Which suspects must be counted again because something about a record that was used on them changed. */
export async function touchedDays(suspects: readonly CountedDay[], sources: SuspectSources): Promise<DayNumber[]> {
  const since = oldestSeq(suspects);
  if (since >= sources.recordSeq) return [];
  const changes = await changesByCode(sources, since);
  if (changes.size === 0) return [];
  const touched: DayNumber[] = [];
  for (const day of suspects) {
    if (day.recordSeq < sources.recordSeq && (await isDayTouched(day, changes, sources))) touched.push(day.day);
  }
  return touched;
}

type ChangesByCode = ReadonlyMap<number, readonly RecordChange[]>;

async function isDayTouched(day: CountedDay, changes: ChangesByCode, sources: SuspectSources): Promise<boolean> {
  const { rollups, generation, globalScope } = sources;
  const range = { kind: "usage-records", scope: globalScope, breakdown: "", from: day.day, to: day.day } as const;
  let touched = false;
  for (const { data } of await rollups.read(generation, range)) {
    unpackRecordUse(data, USAGE_COUNTERS.length, (record) => {
      const ofRecord = changes.get(record);
      touched ||= ofRecord !== undefined && isTouched(day, ofRecord);
    });
  }
  return touched;
}

/** By RollupStore code; a record the store does not know was never used on a counted day. */
async function changesByCode({ facts, rollups }: SuspectSources, since: number): Promise<ChangesByCode> {
  const changes = Map.groupBy(await recordChanges(facts, since), ({ record }) => record);
  const found = new Map<number, readonly RecordChange[]>();
  if (changes.size === 0) return found;
  for (const [code, text] of (await rollups.terms("record")).entries()) {
    const ofRecord = changes.get(text);
    if (ofRecord !== undefined) found.set(code, ofRecord);
  }
  return found;
}

/** What record, membership and deletion facts after `since` change in the counting of use. Reads all facts once. */
async function recordChanges(facts: FactStore, since: number): Promise<RecordChange[]> {
  return [
    ...(await lineChanges(facts, since)),
    ...(await membershipChanges(facts, since)),
    ...(await deletionChanges(facts, since)),
  ];
}

async function lineChanges(facts: FactStore, since: number): Promise<RecordChange[]> {
  const changed = new Set<string>();
  for await (const { record, seq } of facts.recordLines()) if (seq > since) changed.add(record);
  if (changed.size === 0) return [];
  // The store groups lines by parent: those of a record that changed its parent are not neighbours.
  const lines: StoredRecordLine[] = [];
  for await (const line of facts.recordLines()) if (changed.has(line.record)) lines.push(line);
  return Array.from(
    Map.groupBy(lines, ({ record }) => record),
    ([record, own]) => changeOfRecord(record, own, since),
  );
}

function changeOfRecord(record: string, lines: readonly StoredRecordLine[], since: number): RecordChange {
  const fresh = lines.filter(({ seq }) => seq > since);
  const seq = Math.max(...fresh.map((line) => line.seq));
  return { record, from: reachesBack(lines, since) ? -Infinity : earliestChange(lines, fresh), seq };
}

/** A new first state also stands for the time before; new fallback communities hold from the record's creation on. */
function reachesBack(lines: readonly StoredRecordLine[], since: number): boolean {
  const known = lines.filter(({ seq }) => seq <= since);
  const first = Math.min(...known.map(({ updated }) => updated));
  if (lines.some(({ seq, updated }) => seq > since && updated <= first)) return true;
  const communities = new Set([...newestOf(known), ...newestOf(lines)].map((line) => JSON.stringify(line.communities)));
  return communities.size > 1;
}

function newestOf(lines: readonly StoredRecordLine[]): readonly StoredRecordLine[] {
  const newest = Math.max(...lines.map(({ updated }) => updated));
  return lines.filter(({ updated }) => updated === newest);
}

/** A new line among deleted ones can move the deletion to any of their dates. */
function earliestChange(lines: readonly StoredRecordLine[], fresh: readonly StoredRecordLine[]): number {
  const removals = lines.flatMap(({ removed }) => (removed === null ? [] : [removed]));
  return dayOf(Math.min(...fresh.map(({ updated }) => updated), ...removals));
}

async function membershipChanges(facts: FactStore, since: number): Promise<RecordChange[]> {
  const changes: RecordChange[] = [];
  const listedBefore = new Set<string>();
  for await (const { record, at, seq } of facts.membershipLines()) {
    if (seq > since) changes.push({ record, from: dayOf(at), seq });
    else listedBefore.add(record);
  }
  // A record's first line switches off the communities it was taken to be in from its creation on (T9.1 decision 7).
  return changes.map((change) => (listedBefore.has(change.record) ? change : { ...change, from: -Infinity }));
}

async function deletionChanges(facts: FactStore, since: number): Promise<RecordChange[]> {
  const changes: RecordChange[] = [];
  for await (const { record, at, seq } of facts.deletionLines()) {
    if (seq > since) changes.push({ record, from: dayOf(at), seq });
  }
  return changes;
}

function dayOf(instant: number): number {
  return dayNumberOf(instant as Instant);
}
