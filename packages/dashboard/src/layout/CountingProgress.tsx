import type { RunProgress } from "@community-stats/contract/page.ts";
import { useId, type ReactNode } from "react";
import type { Words } from "../messages/words.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";

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

/** How far the run has come that counts now. */
export function CountingProgress({ progress }: { readonly progress: RunProgress }): ReactNode {
  const words = useWords();
  const { now } = usePage();
  const id = useId();
  const isMeasured = progress.total > 0;
  const share = isMeasured ? progress.done / progress.total : 0;
  return (
    <div className="progress">
      <div className="progress-top">
        <span id={id}>
          {progress.countedTo === null
            ? words.text("state.counting", { step: progress.step })
            : words.text("state.countedTo", { day: words.dates.day(progress.countedTo) })}
        </span>
        {isMeasured ? <span>{words.numbers.percent(share)}</span> : null}
      </div>
      <div
        className="track"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a progress element cannot be drawn alike in all browsers
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={isMeasured ? Math.round(share * 100) : undefined}
      >
        <i style={{ inlineSize: `${share * 100}%` }} />
      </div>
      {isMeasured ? <p className="sub">{progressText(words, progress, now())}</p> : null}
    </div>
  );
}
