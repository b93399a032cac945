import type { ReactNode } from "react";
import { breakdownPlural } from "../messages/names.ts";
import { begun } from "../messages/sentences.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Empty } from "../ui/States.tsx";
import { emptyReason, type EmptyFacts } from "./empty-reason.ts";

/** What is empty, why if known, and a longer period as the next step. */
export function EmptyNotice({ answer, data, breakdown }: EmptyFacts): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  const text = emptyReason(words, { answer, data, breakdown });
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
    <Empty title={begun(words, title)} {...(text === null ? {} : { text })}>
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
