import type { RecordsSpec } from "@community-stats/contract/widgets.ts";
import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Card } from "../ui/Card.tsx";
import { textProp, type Placed } from "./props.ts";

/** Lists of single records: the service counts them, but has no query for them yet, and the card says so. */
export function RecordsWidget({ placed }: { readonly placed: Placed<RecordsSpec> }): ReactNode {
  const words = useWords();
  const byViews = placed.spec.data.metric === "views";
  const title =
    textProp(placed.props, "title") ?? words.text(byViews ? "records.mostViewed" : "records.mostDownloaded");
  return (
    <Card title={title} kind="placeholder" dashed sentence={words.text("records.notOffered")}>
      {null}
    </Card>
  );
}
