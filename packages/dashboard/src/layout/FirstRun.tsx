import type { RunProgress } from "@community-stats/contract/page.ts";
import { useId, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Card } from "../ui/Card.tsx";

/** The first calculation, live. */
export function FirstRun({ progress }: { readonly progress: RunProgress | null }): ReactNode {
  const words = useWords();
  const id = useId();
  const share = progress === null || progress.total === 0 ? 0 : progress.done / progress.total;
  return (
    <Card title={words.text("state.firstTitle")} kind="chart" sentence={words.text("state.firstText")}>
      {progress === null ? null : (
        <div className="progress">
          <div className="progress-top">
            <span id={id}>
              {progress.countedTo === null
                ? words.text("state.counting", { step: progress.step })
                : words.text("state.countedTo", { day: words.dates.day(progress.countedTo) })}
            </span>
            <span>{words.numbers.percent(share)}</span>
          </div>
          <div
            className="track"
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a progress element cannot be drawn alike in all browsers
            role="progressbar"
            aria-labelledby={id}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
          >
            <i style={{ inlineSize: `${share * 100}%` }} />
          </div>
          <p className="sub">
            {words.text("state.progress", {
              done: words.numbers.full(progress.done),
              total: words.numbers.full(progress.total),
            })}
          </p>
        </div>
      )}
    </Card>
  );
}
