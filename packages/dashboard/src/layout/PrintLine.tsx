import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { useLayoutEffect, type ReactNode } from "react";
import { titleText } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { compareLabel } from "../ui/CompareControl.tsx";
import { usePrinting } from "../ui/printing.tsx";
import { scopeName } from "../ui/ScopeMenu.tsx";

export interface PrintLineProps {
  readonly status: ServiceStatus | undefined;
}

/** What a sheet of paper must say that a page on screen need not, at its head and at the foot of each further one. */
export function PrintLine(props: PrintLineProps): ReactNode {
  return usePrinting() ? <Printed {...props} /> : null;
}

function Printed({ status }: PrintLineProps): ReactNode {
  const words = useWords();
  const { state, range, now, config, address } = usePage();
  const rules = status?.ruleVersion.slice(0, 8) ?? "";
  const asOf = status?.asOf ?? null;
  const compare =
    state.comparison === "none"
      ? ""
      : words.text("page.printedCompare", { other: compareLabel(words, { state, range }, state.comparison) });
  useFoot(
    words.text("page.printedFoot", {
      title: titleText(words, config.title),
      scope: scopeName(words, config),
      reach: asOf === null ? words.text("page.never") : words.text("page.complete", { day: words.dates.day(asOf) }),
      rules,
    }),
  );
  return (
    <div className="print-only">
      <p>
        {words.text("page.printed", {
          span: words.dates.range(range.from, range.to, true),
          by: words.within(words.text(`byGrain.${state.granularity}`)),
          compare,
          rules,
          time: words.dates.time(new Date(now()).toISOString(), null),
        })}
      </p>
      <p className="print-address">{new URL(address(), location.href).href}</p>
    </div>
  );
}

/** The margin of a sheet takes its text from a property, see print.css. */
function useFoot(text: string): void {
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--cs-print-foot", JSON.stringify(text));
    return () => {
      style.removeProperty("--cs-print-foot");
    };
  }, [text]);
}
