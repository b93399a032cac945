import { createInterface } from "node:readline/promises";
import { UsageError } from "@community-stats/contract/problems.ts";
import type { CommandContext } from "./command.ts";

export interface Question {
  /** Without the question mark: "Remove 12 entries". */
  readonly text: string;
  /** Options that answer yes beforehand: "--force". */
  readonly flags: string;
}

/** Asks a person. @throws UsageError where nobody is there to answer. */
export async function confirm(
  { interactive, stdin, stderr, signal }: CommandContext,
  question: Question,
): Promise<boolean> {
  if (!interactive)
    throw new UsageError(`${question.text}? Nobody is here to say so.`, `Add ${question.flags} to do it.`);
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await Promise.race([lines.question(`${question.text}? [y/N] `, { signal }), closed(lines)]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}

/** The end of the input is a no. */
function closed(lines: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve) => lines.once("close", () => resolve("")));
}
