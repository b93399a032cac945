import type { EditorWords } from "../messages/editor-texts.ts";
import { problemText } from "../messages/problem-text.ts";
import type { Words } from "../messages/words.ts";
import type { Fault } from "./read-layout.ts";

/** A fault as a sentence; about cells in the words of the dashboards. */
export function faultText(words: Words, { say, propTakes }: EditorWords, fault: Fault): string {
  switch (fault.kind) {
    case "json":
      return say(`json.${fault.expected}`);
    case "missing":
      return say("missing", { path: fault.path || say("whole"), takes: say(`takes.${fault.takes}`) });
    case "wrong":
      return say("wrong", {
        path: fault.path || say("whole"),
        value: fault.value,
        takes: say(`takes.${fault.takes}`),
      });
    case "cell": {
      const text = problemText(words, fault.problem);
      return fault.problem.kind === "value" ? `${text} ${say("may", { takes: propTakes(fault.problem.takes) })}` : text;
    }
  }
}
