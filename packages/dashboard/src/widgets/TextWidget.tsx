import type { ReactNode } from "react";
import { Card } from "../ui/Card.tsx";
import { textProp, type Placed } from "./props.ts";

/** Plain prose from the layout. */
export function TextWidget({ placed }: { readonly placed: Placed }): ReactNode {
  const text = textProp(placed.props, "text") ?? textProp(placed.props, "content") ?? "";
  return (
    <Card title={textProp(placed.props, "title") ?? placed.name} kind="text">
      <div className="prose">
        {text.split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
    </Card>
  );
}
