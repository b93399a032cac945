import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { standingPath } from "@community-stats/contract/standing.ts";
import type { ReactNode } from "react";
import { titleText } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";
import { compareLabel } from "../ui/CompareControl.tsx";
import { FreshnessLine } from "../ui/FreshnessLine.tsx";
import { usePrinting } from "../ui/printing.tsx";
import { ScopeMenu, scopeName } from "../ui/ScopeMenu.tsx";
import type { Frame } from "./frame.ts";
import { ValueHead } from "./ValueHead.tsx";

export interface PageHeadProps {
  readonly status: ServiceStatus | undefined;
  readonly frame: Frame;
}

/** Title, whose numbers, how fresh; and on paper what else must be known. */
export function PageHead({ status, frame }: PageHeadProps): ReactNode {
  const words = useWords();
  const { config, address } = usePage();
  // Anybody's page has a first heading of its own.
  const Title = frame === "element" ? "h2" : "h1";
  const dashboard = dashboardPath(config, { key: config.scope, slug: config.slug });
  // Language and choices go along, to be there on the way back.
  const query = address((state) => ({ ...state, filter: null })).replace(/^[^?]*/, "");
  const generated = config.generated || status?.generated === true;
  return (
    <header className="page-head">
      <div className="page-title">
        <Title className={config.showTitle ? "" : "sr"}>{titleText(words, config.title)}</Title>
        {frame === "element" ? <span className="scope-name">{scopeName(words, config)}</span> : <ScopeMenu />}
        {generated ? (
          <span className="generated" title={words.text("page.generatedText")}>
            <span className="tag">{words.text("page.generated")}</span>
            <span className="generated-text">{words.text("page.generatedText")}</span>
          </span>
        ) : null}
      </div>
      {config.value === null ? null : <ValueHead value={config.value} />}
      <FreshnessLine status={status} helpUrl={config.helpUrl} standingUrl={`${standingPath(dashboard)}${query}`} />
      {config.showDescription && config.description !== "" ? (
        <p className="page-text">{titleText(words, config.description)}</p>
      ) : null}
      <PrintLine status={status} />
    </header>
  );
}

function PrintLine({ status }: { readonly status: ServiceStatus | undefined }): ReactNode {
  const words = useWords();
  const page = usePage();
  const { state, range, now } = page;
  const printing = usePrinting();
  if (!printing) return null;
  const compare =
    state.comparison === "none"
      ? ""
      : words.text("page.printedCompare", { other: compareLabel(words, page, state.comparison) });
  return (
    <p className="print-only">
      {words.text("page.printed", {
        span: words.dates.range(range.from, range.to, true),
        by: words.within(words.text(`byGrain.${state.granularity}`)),
        compare,
        rules: status?.ruleVersion.slice(0, 8) ?? "",
        time: words.dates.time(new Date(now()).toISOString(), null),
      })}
    </p>
  );
}
