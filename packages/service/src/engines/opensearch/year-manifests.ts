import { dayFromNumber, yearOf, type DayNumber } from "@community-stats/contract/days.ts";
import { z } from "zod";
import type { CountedDay } from "../../engine/rollup-store.ts";
import type { Json } from "./requests.ts";

/** Of one counted day: which of its writes is valid, and in which place of its window it stands. */
export interface DayWrite extends CountedDay {
  readonly write: number;
  readonly slot: number;
}

const rowSchema = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]);
const manifestSchema = z.object({ w: z.number(), days: z.array(rowSchema) });

/** The counted days of a year as one document: replacing it is what makes numbers valid. */
export interface YearManifest {
  /** The newest write of any of its days. */
  readonly write: number;
  readonly days: ReadonlyMap<DayNumber, DayWrite>;
}

export function yearManifest(source: Json | null): YearManifest {
  if (source === null) return { write: 0, days: new Map() };
  const { w, days } = manifestSchema.parse(source);
  const rows = days.map(([day, write, slot, eventVersion, recordSeq]) => {
    return { day: day as DayNumber, write, slot, eventVersion, recordSeq };
  });
  return { write: w, days: new Map(rows.map((row) => [row.day, row])) };
}

export function manifestSource(year: number, { write, days }: YearManifest, token: number): Json {
  const rows = Array.from(days.values()).toSorted((a, b) => a.day - b.day);
  return {
    t: "year",
    period: year,
    w: write,
    token,
    days: rows.map(({ day, write: its, slot, eventVersion, recordSeq }) => [day, its, slot, eventVersion, recordSeq]),
  };
}

export function yearOfDayNumber(day: DayNumber): number {
  return yearOf(dayFromNumber(day));
}

/** Years that may hold days of a range, which may lie outside of all calendars. */
export function yearsAround(from: number, to: number): { readonly gte: number; readonly lte: number } {
  return { gte: Math.floor(1970 + from / DAYS_PER_YEAR) - 1, lte: Math.ceil(1970 + to / DAYS_PER_YEAR) + 1 };
}
const DAYS_PER_YEAR = 365.2425;
