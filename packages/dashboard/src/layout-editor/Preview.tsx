import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { useDeferredValue, useMemo, type ReactNode } from "react";
import { arrange } from "../layout/arrange.ts";
import { Dashboard } from "../layout/Dashboard.tsx";
import type { PagePart } from "../layout/frame.ts";
import { Icon } from "../ui/Icon.tsx";
import { useEditorWords } from "./words.ts";

const WITHOUT: ReadonlySet<PagePart> = new Set(["head"]);

export interface PreviewProps {
  readonly layout: LayoutDocument;
  /** The text is another one by now. */
  readonly isKept: boolean;
}

/** The dashboard that a layout makes. */
export function Preview({ layout, isKept }: PreviewProps): ReactNode {
  const { say } = useEditorWords();
  const drawn = useDeferredValue(layout);
  const tabs = useMemo(() => arrange(drawn), [drawn]);
  return (
    <section className="layout-preview" aria-labelledby="layout-preview-title">
      <h2 id="layout-preview-title">{say("preview")}</h2>
      <p className="sub">{say("invented")}</p>
      {isKept ? (
        <p className="msg warn">
          <Icon name="warn" />
          {say("kept")}
        </p>
      ) : null}
      <Dashboard tabs={tabs} frame="element" without={WITHOUT} />
    </section>
  );
}
