import { cellProblems } from "@community-stats/contract/layout-problems.ts";
import type { ReactNode } from "react";
import { problemText } from "../messages/problem-text.ts";
import { useWords } from "../messages/words-context.ts";
import { Icon } from "../ui/Icon.tsx";
import type { Placed } from "./props.ts";

/** What the layout asks of these widgets and is left out, below them and in small print. */
export function LayoutNotes({ of }: { readonly of: readonly Placed[] }): ReactNode {
  const words = useWords();
  const texts = of
    .flatMap(({ name, props }) => cellProblems({ component: name, props }))
    .map((problem) => problemText(words, problem));
  if (texts.length === 0) return null;
  return (
    <ul className="layout-notes">
      {[...new Set(texts)].map((text) => (
        <li key={text}>
          <Icon name="info" />
          {text}
        </li>
      ))}
    </ul>
  );
}
