import type { ReactNode } from "react";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { Card } from "../ui/Card.tsx";
import { textProp, type Placed } from "./props.ts";

/** Plain prose from the layout. */
export function TextWidget({ placed }: { readonly placed: Placed }): ReactNode {
  const words = useWords();
  const text = textProp(placed.props, "text") ?? textProp(placed.props, "content") ?? "";
  return (
    <Card title={ownTitle(words, placed.props["title"]) ?? placed.name} kind="text">
      <div className="prose">
        {text.split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph} dir="auto">
            {paragraph}
          </p>
        ))}
      </div>
    </Card>
  );
}
