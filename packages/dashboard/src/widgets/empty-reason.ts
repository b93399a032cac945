import { knownSpan } from "@community-stats/contract/knowledge.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import type { DataRef } from "@community-stats/contract/widgets.ts";
import { breakdownNoun } from "../messages/names.ts";
import type { Words } from "../messages/words.ts";
import { totalOf } from "../select/comparison.ts";

export interface EmptyFacts {
  readonly answer: ColumnsAnswer;
  readonly data: DataRef;
  /** Set when there are numbers, but none that states a value of it. */
  readonly breakdown: string | null;
}

/** Why there is nothing to show; null where no sentence about the sum would make sense, for more went than came. */
export function emptyReason(words: Words, { answer, data, breakdown }: EmptyFacts): string | null {
  const { asOf, firstDay } = answer;
  if (asOf === null || firstDay === null) return words.text("state.emptyAll");
  if (firstDay > answer.to) return words.text("state.emptyBefore", { day: words.dates.day(firstDay) });
  if (answer.from > asOf) return words.text("state.emptyAfter", { day: words.dates.day(asOf) });
  const whole = totalOf(answer)?.totals[data.metric] ?? 0;
  if (whole < 0) return null;
  const span = knownSpan(answer);
  const spanText = span === null ? "" : words.span(span.from, span.to);
  const metric = { side: data.side, name: data.metric };
  if (breakdown === null || whole === 0) {
    return words.text("none", { metric: words.noun(metric, 0), span: spanText });
  }
  return words.text("state.emptyStated", {
    n: words.amount(metric, whole),
    count: whole,
    metric: words.noun(metric, whole),
    breakdown: breakdownNoun(words, breakdown),
    span: data.kind === "delta" ? spanText : "",
  });
}
