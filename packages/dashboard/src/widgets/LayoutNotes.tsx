import { cellProblems, type CellProblem } from "@community-stats/contract/layout-problems.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
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

function problemText(words: Words, problem: CellProblem): string {
  const name = problem.component;
  if (problem.kind === "value") return words.text("state.badProp", { name, prop: problem.prop, value: problem.value });
  const text =
    problem.kind === "prop"
      ? words.text("state.unknownProp", { name, prop: problem.prop })
      : words.text("state.unknownText", { name });
  return problem.near === null ? text : `${text} ${words.text("state.unknownNear", { near: problem.near })}`;
}
