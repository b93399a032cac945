import { standingPath, type ScopeStanding } from "@community-stats/contract/standing.ts";
import { useState, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { SearchLine } from "../ui/SearchLine.tsx";
import { scopesTable, scopeTitle } from "./standing-tables.ts";

/** A longer table helps nobody, and takes a slow machine long to draw. */
const MOST = 200;

/** How far the numbers of each community go. */
export function AllScopes({ scopes }: { readonly scopes: readonly ScopeStanding[] }): ReactNode {
  const words = useWords();
  const { config, now, address } = usePage();
  const [wanted, setWanted] = useState("");
  const lower = (text: string): string => text.trim().toLocaleLowerCase(words.locale);
  const found = scopes.filter((scope) => lower(scopeTitle(words, scope)).includes(lower(wanted)));
  const hrefOf = ({ id, slug }: ScopeStanding): string =>
    `${standingPath(dashboardPath(config, { key: id, slug }))}${address()}`;
  const counts = { n: words.numbers.full(Math.min(MOST, found.length)), all: words.numbers.full(found.length) };
  return (
    <section className="card" aria-labelledby="standing-scopes">
      <h2 id="standing-scopes">{words.text("standing.scopes")}</h2>
      <SearchLine
        label={words.text("page.scopeSearch")}
        value={wanted}
        onChange={setWanted}
        found={
          found.length === 0
            ? words.text("page.scopeNone")
            : words.text(found.length > MOST ? "standing.shownOf" : "standing.shown", {
                ...counts,
                count: found.length,
              })
        }
      />
      {found.length === 0 ? null : (
        <DataTable data={scopesTable({ words, now: now() }, found, hrefOf)} sortable most={MOST} />
      )}
    </section>
  );
}
