import type { PageConfig } from "@community-stats/contract/page.ts";
import { useQuery } from "@tanstack/react-query";
import { memo, useState, type ReactNode } from "react";
import { scopesQuery } from "../api/queries.ts";
import type { Words } from "../messages/words.ts";
import { useWords } from "../messages/words-context.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";
import { Icon } from "./Icon.tsx";
import { Popup } from "./Popup.tsx";

/** Whose statistics these are, and the way to those of others. */
export const ScopeMenu = memo(function ScopeMenu(): ReactNode {
  const words = useWords();
  const { config } = usePage();
  const name = scopeName(words, config);
  return (
    <Popup
      className="scope"
      face={
        <>
          <span className="sr">{words.text("page.scope")}: </span>
          <span className="clip">{name}</span>
          <Icon name="down" />
        </>
      }
      opens="dialog"
      name={words.text("page.scope")}
      panel="scope-pop"
    >
      {() => <ScopeList />}
    </Popup>
  );
});

export function scopeName(words: Words, config: Pick<PageConfig, "scope" | "scopeTitle">): string {
  return config.scope === "global" ? words.text("page.scopeAll") : config.scopeTitle;
}

const MOST = 200;

function ScopeList(): ReactNode {
  const words = useWords();
  const { config, address } = usePage();
  const [text, setText] = useState("");
  const { data = [] } = useQuery(scopesQuery(config.apiBase));
  const found = data
    .filter((entry) => entry.title.toLocaleLowerCase(words.locale).includes(text.toLocaleLowerCase(words.locale)))
    .toSorted((a, b) => Number(b.key === "global") - Number(a.key === "global") || words.compare(a.title, b.title));
  return (
    <>
      <input
        type="search"
        className="field"
        placeholder={words.text("page.scopeSearch")}
        aria-label={words.text("page.scopeSearch")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.length === 0 ? <p className="sub">{words.text("page.scopeNone")}</p> : null}
      <ul className="scope-list">
        {found.slice(0, MOST).map((entry) => (
          <li key={entry.key}>
            <a
              href={`${dashboardPath(config, entry)}${address((state) => ({ ...state, filter: null }))}`}
              aria-current={entry.key === config.scope ? "page" : undefined}
            >
              {entry.key === "global" ? words.text("page.scopeAll") : entry.title}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
