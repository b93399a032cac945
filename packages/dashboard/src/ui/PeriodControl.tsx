import { lazy, Suspense, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { firstAllowed, shiftRange } from "@community-stats/contract/presets.ts";
import { Icon } from "./Icon.tsx";
import { Popup } from "./Popup.tsx";
import { rangeName } from "./range-name.ts";

const PeriodForm = lazy(async () => ({ default: (await import("./PeriodForm.tsx")).PeriodForm }));

/** The chosen days by name and by date, with a step to either side and a form for any other. */
export function PeriodControl(): ReactNode {
  const words = useWords();
  const { state, range, bounds, update } = usePage();
  const step = (direction: -1 | 1): void =>
    update((before) => ({ ...before, range: { kind: "custom", ...shiftRange(range, direction, bounds) } }));
  return (
    <div className="joined period">
      <button
        type="button"
        className="btn square"
        aria-label={words.text("control.before")}
        disabled={range.from <= firstAllowed(bounds)}
        onClick={() => step(-1)}
      >
        <Icon name="prev" />
      </button>
      <Popup
        className="btn period-button"
        face={
          <>
            <Icon name="calendar" />
            <strong>{rangeName(words, state.range)}</strong>
            <span className={`range ${state.range.kind === "custom" ? "only" : ""}`}>
              {words.dates.range(range.from, range.to, true)}
            </span>
            <Icon name="down" />
          </>
        }
        opens="dialog"
        name={words.text("control.period")}
        panel="period-pop"
      >
        {(close) => (
          <Suspense fallback={<div className="period-wait" />}>
            <PeriodForm onDone={close} />
          </Suspense>
        )}
      </Popup>
      <button
        type="button"
        className="btn square"
        aria-label={words.text("control.after")}
        disabled={range.to >= bounds.today}
        onClick={() => step(1)}
      >
        <Icon name="next" />
      </button>
    </div>
  );
}
