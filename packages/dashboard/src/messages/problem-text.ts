import type { CellProblem } from "@community-stats/contract/layout-problems.ts";
import type { Words } from "./words.ts";

/** What a cell of a layout asks for and does not get. */
export function problemText(words: Words, problem: CellProblem): string {
  const name = problem.component;
  if (problem.kind === "value") return words.text("state.badProp", { name, prop: problem.prop, value: problem.value });
  const text =
    problem.kind === "prop"
      ? words.text("state.unknownProp", { name, prop: problem.prop })
      : words.text("state.unknownText", { name });
  return problem.near === null ? text : `${text} ${words.text("state.unknownNear", { near: problem.near })}`;
}
