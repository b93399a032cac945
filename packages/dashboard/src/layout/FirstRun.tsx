import type { RunProgress } from "@community-stats/contract/page.ts";
import { useId, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { usePage } from "../state/page-context.ts";
import { Card } from "../ui/Card.tsx";

const MINUTE_MS = 60_000;
/** Before, the pace says little. */
const LEAST_MS = 15_000;

/** "2,817 of 3,806 · about 4 min left". */
function progressText(words: Words, { done, total, startedAt }: RunProgress, now: number): string {
  const counts = { done: words.numbers.full(done), total: words.numbers.full(total) };
  const elapsed = now - Date.parse(startedAt);
  if (done === 0 || !(elapsed >= LEAST_MS)) return words.text("state.progress", counts);
  const minutes = Math.max(1, Math.round(((elapsed / done) * (total - done)) / MINUTE_MS));
  return words.text("state.progressLeft", { ...counts, n: words.numbers.full(minutes), count: minutes });
}

/** The first calculation, live. */
export function FirstRun({ progress }: { readonly progress: RunProgress | null }): ReactNode {
  const words = useWords();
  const { now } = usePage();
  const id = useId();
  const share = progress === null || progress.total === 0 ? 0 : progress.done / progress.total;
  return (
    <Card
      title={words.text(progress === null ? "page.never" : "state.firstTitle")}
      kind="chart first-run"
      sentence={words.text(progress === null ? "state.emptyAll" : "state.firstText")}
    >
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
          <p className="sub">{progressText(words, progress, now())}</p>
        </div>
      )}
    </Card>
  );
}
