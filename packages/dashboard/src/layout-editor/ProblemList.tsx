import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Icon } from "../ui/Icon.tsx";
import { faultText } from "./fault-text.ts";
import type { TextProblem } from "./read-layout.ts";
import { useEditorWords } from "./words.ts";

export interface ProblemListProps {
  readonly problems: readonly TextProblem[];
  readonly onChoose: (problem: TextProblem) => void;
}

/** What is wrong with the text. How much, and the first of it, is spoken when it changes. */
export function ProblemList({ problems, onChoose }: ProblemListProps): ReactNode {
  const words = useWords();
  const editor = useEditorWords();
  const { say } = editor;
  const placed = problems.map((problem) => {
    const { line, column } = problem;
    const place = say("place", { line: words.numbers.full(line), column: words.numbers.full(column) });
    return { problem, place, text: faultText(words, editor, problem.fault) };
  });
  const [first] = placed;
  const isFine = first === undefined;
  return (
    <section className="layout-problems" aria-labelledby="layout-problems-title">
      <h2 id="layout-problems-title" className="sr">
        {say("problems")}
      </h2>
      <output className={isFine ? "fine" : "faulty"} aria-live="polite" aria-atomic="true">
        <Icon name={isFine ? "check" : "warn"} />
        {isFine ? say("none") : say("count", { n: words.numbers.full(placed.length) })}
        {isFine ? null : <span className="sr">{`. ${first.place}: ${first.text}`}</span>}
      </output>
      <ul>
        {placed.map(({ problem, place, text }) => (
          <li key={`${place} ${text}`}>
            <button type="button" onClick={() => onChoose(problem)}>
              <span className="sub">{place}</span>
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
