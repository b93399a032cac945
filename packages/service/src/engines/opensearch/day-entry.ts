import type { DayNumber } from "@community-stats/contract/days.ts";
import { z } from "zod";
import type { EventRows } from "../../engine/event-rows.ts";
import type { Json } from "./requests.ts";

/** An identity holds its slot of ten seconds: events further apart are never one. */
const SLOT_MS = 10_000;
/** Of a part at most. */
export const PART_ROWS = 30_000;
/** Parts of less than half the size wait for company. */
const SMALL_ROWS = PART_ROWS / 2;

const partSchema = z.object({ id: z.string(), count: z.number(), from: z.number(), to: z.number() });
/** A piece of a day; `from` and `to` are its first and last instant. */
export type PartEntry = z.infer<typeof partSchema>;

const daySchema = z.object({
  period: z.number(),
  version: z.number(),
  count: z.number(),
  generated: z.boolean(),
  bytes: z.number(),
  parts: z.array(partSchema),
});
/** What a day consists of. A part that no day names does not exist; the oldest part stands first. */
export type DayEntry = z.infer<typeof daySchema>;

export const NO_DAY: Omit<DayEntry, "period"> = { version: 0, count: 0, generated: false, bytes: 0, parts: [] };

export function dayId(day: DayNumber): string {
  return `day/${day}`;
}

export function dayEntry(source: Json): DayEntry {
  return daySchema.parse(source);
}

export function daySource(entry: DayEntry): Json {
  return { t: "day", ...entry };
}

interface Growth {
  readonly entries: readonly PartEntry[];
  readonly bytes: number;
  readonly added: number;
  readonly generated: boolean;
}

/** The day after an append. */
export function grown(day: DayEntry, { entries, bytes, added, generated }: Growth): DayEntry {
  return {
    ...day,
    version: day.version + 1,
    count: day.count + added,
    generated: day.generated || generated,
    bytes: day.bytes + bytes,
    parts: [...day.parts, ...entries],
  };
}

/** Parts in which an event of the batch can have its like. */
export function nearParts(parts: readonly PartEntry[], rows: EventRows): readonly PartEntry[] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const instant of rows.instant.subarray(0, rows.count)) {
    from = Math.min(from, instant);
    to = Math.max(to, instant);
  }
  return parts.filter((part) => part.from <= to + SLOT_MS && part.to >= from - SLOT_MS);
}

/** How many parts wait for company. */
export function smallParts({ parts }: DayEntry): number {
  return parts.filter(({ count }) => count < SMALL_ROWS).length;
}

/** Whether nobody changed the day in between. Its parts tell: each append adds one, and packing replaces them. */
export function isSame(a: DayEntry | null, b: DayEntry | null): boolean {
  if (a === null || b === null) return a === b;
  return a.version === b.version && a.parts.length === b.parts.length && a.parts[0]?.id === b.parts[0]?.id;
}
