import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { CompareControl } from "../ui/CompareControl.tsx";
import { DownloadControl } from "../ui/DownloadControl.tsx";
import { FilterControl } from "../ui/FilterControl.tsx";
import { GranularityControl } from "../ui/GranularityControl.tsx";
import { PeriodControl } from "../ui/PeriodControl.tsx";
import { useFit } from "../ui/use-fit.ts";

/** What the bar does without where there is less and less room; see fit.css. */
const FITS = [
  "",
  "menu",
  "menu short",
  "menu short icons",
  "menu short icons tight",
  "menu short icons rows",
  "menu short icons rows bare",
  "menu short icons rows bare tight",
  "menu short icons rows bare tight brief",
  "menu short icons rows bare tight brief clip",
] as const;

/** What the whole page is about: days, their grouping, the comparison. */
export function ControlBar(): ReactNode {
  const words = useWords();
  const bar = useFit(FITS);
  return (
    <section className="controls" aria-label={words.text("page.controls")} ref={bar}>
      <PeriodControl />
      <div className="controls-rest">
        <GranularityControl />
        <CompareControl />
        <span className="push" />
        <FilterControl />
        <DownloadControl />
      </div>
    </section>
  );
}
