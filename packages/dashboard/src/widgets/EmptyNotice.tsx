import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import type { ReactNode } from "react";
import { breakdownNoun, breakdownPlural } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { totalOf } from "../select/comparison.ts";
import { knownSpan } from "@community-stats/contract/knowledge.ts";
import type { DataRef } from "@community-stats/contract/widgets.ts";
import { usePage } from "../state/page-context.ts";
import { Empty } from "../ui/States.tsx";

export interface EmptyNoticeProps {
  readonly answer: ColumnsAnswer;
  readonly data: DataRef;
  /** Set when there are numbers, but none that states a value of it. */
  readonly breakdown: string | null;
}

/** What is empty, why if known, and a longer period as the next step. */
export function EmptyNotice({ answer, data, breakdown }: EmptyNoticeProps): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  const noun = words.noun({ side: data.side, name: data.metric }, 0);
  const title =
    breakdown === null
      ? words.text(data.kind === "delta" ? "state.emptyTitle" : "state.emptyTitleAt", { metric: noun })
      : words.text(data.kind === "delta" ? "state.emptyBreakdown" : "state.emptyBreakdownAt", {
          breakdown: words.within(breakdownPlural(words, breakdown)),
        });
  // A running total holds all time already.
  const longest = data.kind === "snapshot" || (state.range.kind === "preset" && state.range.name === "allTime");
  return (
    <Empty
      title={title.charAt(0).toLocaleUpperCase(words.locale) + title.slice(1)}
      text={reason(words, { answer, data, breakdown })}
    >
      {longest ? null : (
        <button
          type="button"
          className="btn"
          onClick={() => update((before) => ({ ...before, range: { kind: "preset", name: "allTime" } }))}
        >
          {words.text("state.showAll")}
        </button>
      )}
    </Empty>
  );
}

function reason(words: Words, { answer, data, breakdown }: EmptyNoticeProps): string {
  const { asOf, firstDay } = answer;
  if (asOf === null || firstDay === null) return words.text("state.emptyAll");
  if (firstDay > answer.to) return words.text("state.emptyBefore", { day: words.dates.day(firstDay) });
  if (answer.from > asOf) return words.text("state.emptyAfter", { day: words.dates.day(asOf) });
  const whole = totalOf(answer)?.totals[data.metric] ?? 0;
  const span = knownSpan(answer);
  const spanText = span === null ? "" : words.span(span.from, span.to);
  if (breakdown === null || whole === 0)
    return words.text("none", { metric: words.noun({ side: data.side, name: data.metric }, 0), span: spanText });
  return words.text("state.emptyStated", {
    n: words.amount({ side: data.side, name: data.metric }, whole),
    count: whole,
    metric: words.noun({ side: data.side, name: data.metric }, whole),
    breakdown: breakdownNoun(words, breakdown),
    span: data.kind === "delta" ? spanText : "",
  });
}
