import type { AggregationStanding } from "@community-stats/contract/standing.ts";
import type { Words } from "../messages/words.ts";
import { USUAL_AGE_DAYS } from "../state/lateness.ts";
import type { Tone } from "../ui/DataTable.tsx";

/** How well numbers stand, in a word. */
export interface Verdict {
  /** Null: there are none. */
  readonly tone: Tone | null;
  readonly text: string;
}

/** Yesterday is the last day that can be complete. */
const BEST_AGE = 1;

export function verdictOf(words: Words, standing: AggregationStanding): Verdict {
  const { firstDay, failed, missingDays, waitingDays, isWaiting, age } = standing;
  const days = (key: "standing.missing" | "standing.waiting" | "standing.behind", count: number) =>
    words.text(key, { n: words.numbers.full(count), count });
  if (failed) return { tone: "bad", text: words.text("standing.failed") };
  if (missingDays > 0) return { tone: "bad", text: days("standing.missing", missingDays) };
  if (waitingDays > 0) return { tone: "late", text: days("standing.waiting", waitingDays) };
  if (isWaiting) return { tone: "late", text: words.text("standing.recordsWait") };
  if (firstDay === null) return { tone: null, text: words.text("standing.nothing") };
  if (age === null) return { tone: "late", text: words.text("standing.incomplete") };
  if (age > USUAL_AGE_DAYS) return { tone: "late", text: days("standing.behind", age - BEST_AGE) };
  return { tone: "good", text: words.text("standing.good") };
}

const RANK: Readonly<Record<Tone, number>> = { bad: 3, late: 2, good: 1 };

export function rankOf({ tone }: Verdict): number {
  return tone === null ? 0 : RANK[tone];
}

/** What must be known first of several kinds of numbers. */
export function worstOf(words: Words, standings: readonly AggregationStanding[]): Verdict {
  const verdicts = standings.map((standing) => verdictOf(words, standing));
  return verdicts.reduce<Verdict>((worst, verdict) => (rankOf(verdict) > rankOf(worst) ? verdict : worst), {
    tone: null,
    text: words.text("standing.nothing"),
  });
}
