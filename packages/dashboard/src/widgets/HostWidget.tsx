import type { DayRange } from "@community-stats/contract/days.ts";
import type { Granularity } from "@community-stats/contract/series.ts";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import type { Filter } from "../state/page-state.ts";
import { Card } from "../ui/Card.tsx";

/** What an element of the page around is told, as its property `context`, whenever it changes. */
export interface HostContext extends DayRange {
  /** "global" or the community's id. */
  readonly scope: string;
  readonly granularity: Granularity;
  readonly filter: Filter | null;
  readonly locale: string;
  /** Where the API answers, without a trailing slash. */
  readonly apiBase: string;
}

export interface HostWidgetProps {
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** An element that the page around defines, in a frame of ours. */
export function HostWidget({ name, props }: HostWidgetProps): ReactNode {
  const words = useWords();
  const isDefined = useDefined(name);
  const title = ownTitle(words, props["title"]) ?? name;
  if (isDefined) {
    return (
      <Card title={title} kind="host">
        <HostElement key={name} name={name} props={props} />
      </Card>
    );
  }
  return (
    <Card
      title={words.text("state.unknownTitle")}
      kind="placeholder"
      dashed
      sentence={words.text("state.notDefined", { name })}
    >
      {null}
    </Card>
  );
}

function HostElement({ name, props }: HostWidgetProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const { config, state, range } = usePage();
  const { locale } = useWords();
  const { scope, apiBase } = config;
  const { granularity, filter } = state;
  const { from, to } = range;
  const context = useMemo(
    (): HostContext => ({ scope, from, to, granularity, filter, locale, apiBase }),
    [scope, from, to, granularity, filter, locale, apiBase],
  );
  useLayoutEffect(() => place.current?.replaceChildren(document.createElement(name)), [name]);
  useLayoutEffect(() => {
    const element = place.current?.firstElementChild;
    if (element !== null && element !== undefined) Object.assign(element, { settings: props, context });
  }, [props, context]);
  return <div ref={place} />;
}

/** Its script may come after ours. */
function useDefined(name: string): boolean {
  const [isDefined, setDefined] = useState(() => customElements.get(name) !== undefined);
  useEffect(() => {
    let gone = false;
    const wait = async (): Promise<void> => {
      await customElements.whenDefined(name);
      if (!gone) setDefined(true);
    };
    void wait();
    return () => {
      gone = true;
    };
  }, [name]);
  return isDefined;
}
