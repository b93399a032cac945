import type { ReactNode } from "react";
import { titleText } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Empty } from "../ui/States.tsx";

/** Where statistics are switched off. */
export function Disabled(): ReactNode {
  const words = useWords();
  const { config } = usePage();
  return (
    <section className="card">
      <Empty title={words.text("state.offTitle")} text={titleText(words, config.disabledMessage)} icon="off">
        {config.dashboardType === "community" ? <a href={config.globalPath}>{words.text("state.offLink")}</a> : null}
      </Empty>
    </section>
  );
}
