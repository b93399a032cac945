import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { standingPath } from "@community-stats/contract/standing.ts";
import type { ReactNode } from "react";
import { titleText } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";
import { FreshnessLine } from "../ui/FreshnessLine.tsx";
import { ScopeMenu, scopeName } from "../ui/ScopeMenu.tsx";
import type { Frame } from "./frame.ts";
import { PrintLine } from "./PrintLine.tsx";
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
      <FreshnessLine status={status} standingUrl={`${standingPath(dashboard)}${query}`} />
      {config.showDescription && config.description !== "" ? (
        <p className="page-text">{titleText(words, config.description)}</p>
      ) : null}
      <PrintLine status={status} />
    </header>
  );
}
