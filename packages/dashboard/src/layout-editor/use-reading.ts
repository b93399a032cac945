import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { useEffect, useState } from "react";
import { readLayout, type TextProblem } from "./read-layout.ts";

/** While somebody types, the list of problems and the preview wait. */
const QUIET_MS = 300;

export interface Read {
  readonly problems: readonly TextProblem[];
  /** Of the last text that could be drawn. */
  readonly layout: LayoutDocument;
  /** That was an earlier text. */
  readonly isKept: boolean;
}

/** What is wrong with a text and what can be drawn of it, once it has not changed for a moment. */
export function useReading(text: string, first: LayoutDocument): Read {
  const [read, setRead] = useState<Read>(() => readOn({ problems: [], layout: first, isKept: false }, text));
  useEffect(() => {
    const timer = setTimeout(() => setRead((before) => readOn(before, text)), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return read;
}

function readOn(before: Read, text: string): Read {
  const { problems, layout } = readLayout(text);
  return { problems, layout: layout ?? before.layout, isKept: layout === null };
}
