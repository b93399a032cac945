import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { StatsDocument } from "@community-stats/contract/documents.ts";
import { daysOfNumbers, type DailyNumbers } from "./daily.ts";
import { recordDelta, recordSnapshot } from "./record-documents.ts";
import { usageDelta, usageSnapshot } from "./usage-documents.ts";

/** The daily documents of a plan, ascending by day: the shapes of `contract/documents.ts`. */
export function* documentsOf(numbers: DailyNumbers): Generator<StatsDocument> {
  const write = documentWriter(numbers);
  for (const day of daysOfNumbers(numbers)) yield write(day, dayFromNumber(day));
}

type DocumentWriter = (day: number, text: string) => StatsDocument;

function documentWriter(numbers: DailyNumbers): DocumentWriter {
  if (numbers.plan.side === "records") {
    return numbers.plan.kind === "delta" ? recordDelta(numbers) : recordSnapshot(numbers);
  }
  return numbers.plan.kind === "delta" ? usageDelta(numbers) : usageSnapshot(numbers);
}
