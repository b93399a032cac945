import type { ReactNode } from "react";
import { breakdownTitle } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Icon } from "./Icon.tsx";

/** The one value that the page is narrowed to, with a way back. */
export function FilterChips({ nameOf }: { readonly nameOf: (breakdown: string, value: string) => string }): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  if (state.filter === null) return null;
  const breakdown = breakdownTitle(words, state.filter.breakdown);
  const name = nameOf(state.filter.breakdown, state.filter.value);
  return (
    <section className="filters" aria-label={words.text("filter.label")}>
      <span className="chip">
        <span>
          {breakdown}: <strong>{name}</strong>
        </span>
        <button
          type="button"
          aria-label={words.text("filter.remove", { breakdown, name })}
          onClick={() => update((before) => ({ ...before, filter: null }))}
        >
          <Icon name="close" />
        </button>
      </span>
      <p>
        {words.text("filter.only")} {words.text("filter.marked", { tag: `“${words.text("filter.tag")}”` })}
      </p>
    </section>
  );
}
