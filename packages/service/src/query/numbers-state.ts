import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import { openReading, type ReadingSource } from "./reading.ts";

/** Enough of the rule version to tell two apart by eye. */
const RULE_CHARACTERS = 12;

/**
 * The state of the numbers as readable text: while it stays the same, the same question has the same answer. It changes with every run that
 * counts, with the generation, and the UTC day.
 * Null where answers change without such a step: during the first run, whose numbers grow while one looks.
 */
export async function numbersState(source: ReadingSource): Promise<string | null> {
  const { generation, progress } = await openReading(source);
  const { through, counted, recordSeq, updatedAt } = progress;
  if (generation === null || updatedAt === null) return null;
  const parts = [
    `rules=${generation.ruleVersion.slice(0, RULE_CHARACTERS)}`,
    `generation=${generation.id}`,
    `run=${new Date(updatedAt).toISOString()}`,
    `complete=${dayText(through)}`,
    `counted=${dayText(counted)}`,
    `records=${recordSeq}`,
    `today=${dayFromNumber(source.today)}`,
    ...(source.generated ? ["generated"] : []),
    ...(await failedDays(source, progress)),
  ];
  return parts.join(",");
}

/** Days after the bookmark may have arrived or be known to have failed since: answers name them (query/days.ts). */
async function failedDays(
  source: ReadingSource,
  { through, counted }: { readonly through: DayNumber | null; readonly counted: DayNumber | null },
): Promise<readonly string[]> {
  if (through === null || counted === null || counted - through < 2) return [];
  const days = (await source.facts.eventDays()).map(({ day }) => Number(day));
  const open = days.filter((day) => day > through && day < counted);
  return [`open=${open.map((day) => day - through).join("+")}`];
}

function dayText(day: DayNumber | null): string {
  return day === null ? "none" : dayFromNumber(day);
}
