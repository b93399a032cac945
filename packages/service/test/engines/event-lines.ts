import { dayNumber, MS_PER_DAY, parseDay, type DayNumber } from "@community-stats/contract/days.ts";
import { createRows } from "../../src/engine/event-rows.ts";
import type { FactStore } from "../../src/engine/fact-store.ts";
import { NO_TERM } from "../../src/domain/kernel-events.ts";
import type { EventBatch } from "../../src/engine/facts.ts";

/** One event of the tests; what is left out is the same in all. */
export interface EventLine {
  readonly id: number;
  /** Milliseconds since the start of FIRST. */
  readonly at: number;
  readonly updated?: number;
  readonly record?: string;
  readonly country?: string;
  readonly bytes?: number;
  readonly generated?: boolean;
}

const first = parseDay("2025-03-10");
export const FIRST: DayNumber = first === null ? (0 as DayNumber) : dayNumber(first);
export const SECOND = (FIRST + 1) as DayNumber;
const START = FIRST * MS_PER_DAY;

export function eventBatch(lines: readonly EventLine[]): EventBatch {
  const rows = createRows(lines.length);
  const records = Array.from(new Set(lines.map(({ record = "r1" }) => record)));
  const countries = Array.from(new Set(lines.flatMap(({ country }) => country ?? [])));
  for (const [at, line] of lines.entries()) {
    rows.id.set([line.id, line.id * 7, 0, 1], 4 * at);
    rows.instant[at] = START + line.at;
    rows.updated[at] = line.updated ?? Number.NaN;
    rows.record[at] = records.indexOf(line.record ?? "r1");
    rows.country[at] = line.country === undefined ? NO_TERM : countries.indexOf(line.country);
    rows.bytes[at] = line.bytes ?? 0;
    rows.generated[at] = line.generated === true ? 1 : 0;
    for (const none of [rows.parent, rows.referrer, rows.fileType, rows.communitySet]) none[at] = NO_TERM;
    rows.presence[at] = line.country === undefined ? 0 : 2 << 2;
  }
  const dictionaries = {
    record: records,
    parent: [],
    country: countries,
    referrer: [],
    fileType: [],
    communitySet: [],
  };
  return { ...rows, dictionaries };
}

/** The stored events of these days as texts, in order of text. */
export async function storedEvents(facts: FactStore, days: readonly DayNumber[]): Promise<readonly string[]> {
  const [records, countries] = [await facts.terms("record"), await facts.terms("country")];
  const found: string[] = [];
  for await (const events of facts.events(days)) {
    for (let at = 0; at < events.count; at++) {
      const country = countries[events.country[at] ?? NO_TERM] ?? "-";
      found.push(
        [(events.instant[at] ?? 0) - START, records[events.record[at] ?? NO_TERM], country, events.bytes[at]].join(" "),
      );
    }
  }
  return found.toSorted();
}
