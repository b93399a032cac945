import type { ColumnsRequest } from "@community-stats/contract/series.ts";
import type { PageBreakdown } from "@community-stats/contract/page.ts";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { columnsQuery } from "../api/queries.ts";
import { breakdownTitle, valueName } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage, type Page } from "../state/page-context.ts";
import { Failed } from "./States.tsx";

/** The service lists no more; what is shown of them at once. */
const MOST = 1000;
const SHOWN = 100;

/** A breakdown, and of its values the one that the page shows from now on. */
export function FilterForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const words = useWords();
  const page = usePage();
  const { config, state } = page;
  const [name, setName] = useState(state.filter?.breakdown ?? firstOffered(page));
  const breakdown = config.breakdowns.find((known) => known.name === name) ?? config.breakdowns[0];
  const sorted = config.breakdowns
    .map((known) => ({ name: known.name, title: breakdownTitle(words, known.name) }))
    .toSorted((a, b) => words.compare(a.title, b.title));
  return (
    <>
      <label className="field-label">
        <span>{words.text("filter.by")}</span>
        <select className="field" value={name} onChange={(event) => setName(event.target.value)}>
          {sorted.map((known) => (
            <option key={known.name} value={known.name}>
              {known.title}
            </option>
          ))}
        </select>
      </label>
      {breakdown === undefined ? null : <ValueList key={name} breakdown={breakdown} onDone={onDone} />}
    </>
  );
}

function firstOffered({ config }: Page): string {
  const known = new Set(config.breakdowns.map(({ name }) => name));
  return config.uiBreakdowns.find((name) => known.has(name)) ?? config.breakdowns[0]?.name ?? "";
}

function ValueList({
  breakdown,
  onDone,
}: {
  readonly breakdown: PageBreakdown;
  readonly onDone: () => void;
}): ReactNode {
  const words = useWords();
  const page = usePage();
  const { config, state, update } = page;
  const [text, setText] = useState("");
  const query = useQuery(columnsQuery(config.apiBase, valuesRequest(page, breakdown)));
  const wanted = text.toLocaleLowerCase(words.locale);
  const values = (query.data?.series ?? [])
    .filter(({ kind }) => kind === "value")
    .map((series) => ({ id: series.id, name: valueName(words, breakdown.name, series) }))
    .filter((value) => value.name.toLocaleLowerCase(words.locale).includes(wanted));
  const choose = (value: string): void => {
    update((before) => ({ ...before, filter: { breakdown: breakdown.name, value } }));
    onDone();
  };
  if (query.isError)
    return (
      <Failed name={breakdownTitle(words, breakdown.name)} error={query.error} onRetry={() => void query.refetch()} />
    );
  return (
    <>
      <input
        type="search"
        className="field"
        placeholder={words.text("filter.find")}
        aria-label={words.text("filter.find")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {query.data !== undefined && values.length === 0 ? <p className="sub">{words.text("filter.noneFound")}</p> : null}
      <ul className="scope-list" aria-busy={query.isPending}>
        {values.slice(0, SHOWN).map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              aria-pressed={state.filter?.breakdown === breakdown.name && state.filter.value === id}
              onClick={() => choose(id)}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The values by rank up to the last day of the range. */
function valuesRequest({ config, range, state }: Page, { name, records }: PageBreakdown): ColumnsRequest {
  return {
    scope: config.scope,
    side: records ? "records" : "usage",
    kind: "snapshot",
    basis: "added",
    from: range.from,
    to: range.to,
    granularity: state.granularity,
    metrics: [records ? "records" : "views"],
    breakdown: name,
    top: MOST,
    shape: "totals",
  };
}
