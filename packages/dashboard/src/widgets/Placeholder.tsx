import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { Card } from "../ui/Card.tsx";
import { nearestName } from "./registry.ts";

/** Stands where a layout names something that does not exist, and says so. */
export function Placeholder({ name }: { readonly name: string }): ReactNode {
  const words = useWords();
  const near = nearestName(name);
  const sentences = [
    words.text("state.unknownText", { name }),
    ...(near === null ? [] : [words.text("state.unknownNear", { near })]),
    words.text("state.unknownCheck"),
  ];
  return (
    <Card title={words.text("state.unknownTitle")} kind="placeholder" dashed sentence={sentences.join(" ")}>
      {null}
    </Card>
  );
}
