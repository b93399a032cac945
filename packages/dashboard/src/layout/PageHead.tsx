import type { ServiceStatus } from "@community-stats/contract/page.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { compareLabel } from "../ui/CompareControl.tsx";
import { FreshnessLine } from "../ui/FreshnessLine.tsx";
import { ScopeMenu } from "../ui/ScopeMenu.tsx";

/** Title, whose numbers, how fresh; and on paper what else must be known. */
export function PageHead({ status }: { readonly status: ServiceStatus | undefined }): ReactNode {
  const words = useWords();
  const { config } = usePage();
  const generated = config.generated || status?.generated === true;
  return (
    <header className="page-head">
      <div className="page-title">
        <h1>{config.title}</h1>
        <ScopeMenu />
        {generated ? (
          <span className="generated" title={words.text("page.generatedText")}>
            <span className="tag">{words.text("page.generated")}</span>
            <span className="generated-text">{words.text("page.generatedText")}</span>
          </span>
        ) : null}
      </div>
      <FreshnessLine status={status} helpUrl={config.helpUrl} />
      {config.showDescription && config.description !== "" ? <p className="page-text">{config.description}</p> : null}
      <PrintLine status={status} />
    </header>
  );
}

function PrintLine({ status }: { readonly status: ServiceStatus | undefined }): ReactNode {
  const words = useWords();
  const page = usePage();
  const { state, range, now } = page;
  const compare =
    state.comparison === "none"
      ? ""
      : words.text("page.printedCompare", { other: compareLabel(words, page, state.comparison) });
  return (
    <p className="print-only">
      {words.text("page.printed", {
        span: words.dates.range(range.from, range.to, true),
        by: words.text(`byGrain.${state.granularity}`).toLocaleLowerCase(words.locale),
        compare,
        rules: status?.ruleVersion.slice(0, 8) ?? "",
        time: words.dates.time(new Date(now()).toISOString(), ""),
      })}
    </p>
  );
}
