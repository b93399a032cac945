import { lazy, Suspense, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Icon } from "./Icon.tsx";
import { Popup } from "./Popup.tsx";

const FilterForm = lazy(async () => ({ default: (await import("./FilterForm.tsx")).FilterForm }));

/** Narrows the page to one value of any breakdown. A page about one value has nothing to choose. */
export function FilterControl(): ReactNode {
  const words = useWords();
  const { config } = usePage();
  if (config.value !== null || config.breakdowns.length === 0) return null;
  return (
    <Popup
      className="btn quiet filter-button"
      face={
        <>
          <Icon name="filter" />
          <span className="word">{words.text("filter.button")}</span>
        </>
      }
      label={words.text("filter.button")}
      opens="dialog"
      name={words.text("filter.button")}
      panel="scope-pop"
      side="end"
    >
      {(close) => (
        <Suspense fallback={<div className="filter-wait" />}>
          <FilterForm onDone={close} />
        </Suspense>
      )}
    </Popup>
  );
}
