import type { RunProgress } from "@community-stats/contract/page.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Card } from "../ui/Card.tsx";
import { CountingProgress } from "./CountingProgress.tsx";

/** The first calculation, live. */
export function FirstRun({ progress }: { readonly progress: RunProgress | null }): ReactNode {
  const words = useWords();
  return (
    <Card
      title={words.text(progress === null ? "page.never" : "state.firstTitle")}
      kind="chart first-run"
      sentence={words.text(progress === null ? "state.emptyAll" : "state.firstText")}
    >
      {progress === null ? null : <CountingProgress progress={progress} />}
    </Card>
  );
}
