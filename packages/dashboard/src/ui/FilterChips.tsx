import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { pageLink } from "../select/value-link.ts";
import { usePage } from "../state/page-context.ts";
import { useAnnounce } from "./Announcer.tsx";
import { Icon } from "./Icon.tsx";
import { useFilterName, type FilterName } from "./use-filter-name.ts";

/** The one value that the page is narrowed to, with a way back and one to its own page. */
export function FilterChips(): ReactNode {
  const words = useWords();
  const { config, state, update, address } = usePage();
  const filter = useFilterName();
  useAnnounced(filter);
  if (filter === null || state.filter === null || config.value !== null) return null;
  const { breakdown, value } = state.filter;
  const ownPage = pageLink(breakdown, value, config);
  return (
    <section className="filters" aria-label={words.text("filter.label")}>
      <span className="chip">
        <span>
          {filter.breakdown}: <strong>{filter.name}</strong>
        </span>
        <button
          type="button"
          aria-label={words.text("filter.remove", { ...filter })}
          onClick={() => update((before) => ({ ...before, filter: null }))}
        >
          <Icon name="close" />
        </button>
      </span>
      <p>
        {words.text("filter.only")} {words.text("filter.marked", { tag: `“${words.text("filter.tag")}”` })}{" "}
        <a href={`${ownPage}${queryOf(address((before) => ({ ...before, tab: null, filter: null, widgets: {} })))}`}>
          {words.text("value.here")}
        </a>
      </p>
    </section>
  );
}

function queryOf(address: string): string {
  const at = address.indexOf("?");
  return at < 0 ? "" : address.slice(at);
}

/** A filter that is set or taken away is spoken; the one that an address brings along is not. */
function useAnnounced(filter: FilterName | null): void {
  const words = useWords();
  const announce = useAnnounce();
  const text = filter === null ? "" : words.text("filter.told", { ...filter });
  const before = useRef(text);
  useEffect(() => {
    if (text === before.current) return;
    before.current = text;
    announce(text === "" ? words.text("filter.taken") : text);
  }, [announce, words, text]);
}
