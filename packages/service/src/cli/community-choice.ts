import { dayNumber, dayNumberOf, type Day, type DayNumber } from "@community-stats/contract/days.ts";
import type { FactStore } from "../engine/fact-store.ts";

/** What a community's members say of its life. */
export interface CommunityLife {
  /** Day of its first member. */
  readonly first: DayNumber;
  /** Day of the last time that a record came or went. */
  readonly last: DayNumber;
  /** Records that are in it now. */
  readonly records: number;
}

export interface ChoiceFilters {
  /** Its first member came no later. */
  readonly firstActive: Day | null;
  /** Something happened in it on that day or later. */
  readonly activeSince: Day | null;
  /** It has so many records at least. */
  readonly recordThreshold: number;
}

/** The life of every community that has or had members. */
export async function communityLives(facts: FactStore): Promise<ReadonlyMap<string, CommunityLife>> {
  const lives = new Map<string, { first: DayNumber; last: DayNumber; records: Set<string> }>();
  const touch = (community: string, day: DayNumber) => {
    const life = lives.get(community) ?? { first: day, last: day, records: new Set<string>() };
    life.first = day < life.first ? day : life.first;
    life.last = day > life.last ? day : life.last;
    lives.set(community, life);
    return life.records;
  };
  const latest = new Map<string, number>();
  const known = new Set<string>();
  for await (const { record, community, type, at } of facts.membershipLines()) {
    known.add(record);
    const records = touch(community, dayNumberOf(at));
    const key = `${record}\n${community}`;
    if (at < (latest.get(key) ?? -Infinity)) continue;
    latest.set(key, at);
    if (type === "added") records.add(record);
    else records.delete(record);
  }
  const deleted = new Set<string>();
  for await (const line of facts.recordLines()) {
    if (line.deleted) deleted.add(line.record);
    else deleted.delete(line.record);
    // Without lines of its own, a record is a member of what it names, from its creation on.
    if (known.has(line.record)) continue;
    for (const community of line.communities) touch(community, dayNumberOf(line.created)).add(line.record);
  }
  for await (const { record } of facts.deletionLines()) deleted.add(record);
  const living = (records: ReadonlySet<string>) => [...records].filter((record) => !deleted.has(record)).length;
  return new Map([...lives].map(([id, { first, last, records }]) => [id, { first, last, records: living(records) }]));
}

export function isChosen(life: CommunityLife | undefined, filters: ChoiceFilters): boolean {
  const { firstActive, activeSince, recordThreshold } = filters;
  if (life === undefined) return firstActive === null && activeSince === null && recordThreshold === 0;
  if (firstActive !== null && life.first > dayNumber(firstActive)) return false;
  if (activeSince !== null && life.last < dayNumber(activeSince)) return false;
  return life.records >= recordThreshold;
}
