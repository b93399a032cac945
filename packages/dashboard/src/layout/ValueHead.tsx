import type { PageValue } from "@community-stats/contract/page.ts";
import type { ReactNode } from "react";
import { breakdownTitle, valueName } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import { searchLink } from "../select/search-link.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";

/** What the page about one value is about, the way back to all statistics, and the one to its records. */
export function ValueHead({ value }: { readonly value: PageValue }): ReactNode {
  const words = useWords();
  const { config } = usePage();
  const records = searchLink(value.breakdown, value.id, config);
  return (
    <div className="value-head">
      <span className="value-kind">{breakdownTitle(words, value.breakdown)}</span>
      <strong className="value-name">{valueName(words, value.breakdown, value)}</strong>
      <a href={dashboardPath(config, { key: config.scope, slug: config.slug })}>{words.text("value.all")}</a>
      {records === null ? null : <a href={records}>{words.text("value.records")}</a>}
      <p className="value-note">{words.text("value.noList")}</p>
    </div>
  );
}
