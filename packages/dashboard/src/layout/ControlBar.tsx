import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { CompareControl } from "../ui/CompareControl.tsx";
import { DownloadControl } from "../ui/DownloadControl.tsx";
import { FilterControl } from "../ui/FilterControl.tsx";
import { GranularityControl } from "../ui/GranularityControl.tsx";
import { PeriodControl } from "../ui/PeriodControl.tsx";

/** What the whole page is about: days, their grouping, the comparison. */
export function ControlBar(): ReactNode {
  const words = useWords();
  return (
    <section className="controls" aria-label={words.text("page.controls")}>
      <PeriodControl />
      <GranularityControl />
      <CompareControl />
      <span className="push" />
      <FilterControl />
      <DownloadControl />
    </section>
  );
}
