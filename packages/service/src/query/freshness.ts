import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { Freshness } from "@community-stats/contract/series.ts";
import type { Span } from "../domain/periods.ts";
import type { KnownDays } from "./days.ts";
import type { Reading } from "./reading.ts";

/** Most days that an answer lists one by one. */
const MAX_LISTED = 1000;

/** What an answer about the range says of its own reliability. `range` null: nothing was asked of any day. */
export function freshnessOf(reading: Reading, known: KnownDays, range: Span | null): Freshness {
  const { through, updatedAt } = reading.progress;
  return {
    asOf: through === null ? null : dayFromNumber(through),
    ruleVersion: reading.generation?.ruleVersion ?? "",
    firstDay: known.own === null ? null : dayFromNumber(known.own),
    updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
    ...doubtfulDays(reading, known, range),
    ...(reading.generated ? { generated: true } : {}),
  };
}

/** Days that exist but are not complete: without numbers (missing), or with some (incomplete, also today's). */
function doubtfulDays(
  reading: Reading,
  known: KnownDays,
  range: Span | null,
): Pick<Freshness, "missingDays" | "incompleteDays"> {
  const missingDays: string[] = [];
  const incompleteDays: string[] = [];
  const { repository, through, counted } = known;
  if (range === null || repository === null || counted === null) return { missingDays, incompleteDays };
  const first = Math.max(range.from, repository, (through ?? repository - 1) + 1);
  const last = Math.min(range.to, Math.max(reading.today, counted));
  for (let day = first; day <= last && missingDays.length + incompleteDays.length < MAX_LISTED; day++) {
    const isMissing = known.missing.has(day) || (day > counted && day < reading.today);
    (isMissing ? missingDays : incompleteDays).push(dayFromNumber(day));
  }
  return { missingDays, incompleteDays };
}
