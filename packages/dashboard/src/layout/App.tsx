import type { PageConfig } from "@community-stats/contract/page.ts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { WordsContext } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { useSearch, type Address } from "../state/address.ts";
import { defaultsOf, PageContext, rangeOf, todayOf, type Page } from "../state/page-context.ts";
import { formatState, parseState, type PageState } from "../state/page-state.ts";
import { useToday } from "../state/use-today.ts";
import { Announcer } from "../ui/Announcer.tsx";
import { PrintingProvider } from "../ui/printing.tsx";
import { arrange } from "./arrange.ts";
import { Dashboard } from "./Dashboard.tsx";
import type { Frame, PagePart } from "./frame.ts";
import { Shell } from "./Shell.tsx";

export interface AppProps {
  readonly config: PageConfig;
  readonly words: Words;
  readonly frame: Frame;
  readonly address: Address;
  /** Parts of the page that are not drawn. */
  readonly without?: ReadonlySet<PagePart>;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export function App({ frame, without, ...page }: AppProps): ReactNode {
  const { layout } = page.config;
  const tabs = useMemo(() => arrange(layout), [layout]);
  const dashboard = <Dashboard tabs={tabs} frame={frame} {...(without === undefined ? {} : { without })} />;
  return <PageParts {...page}>{frame === "page" ? <Shell>{dashboard}</Shell> : dashboard}</PageParts>;
}

export interface PagePartsProps extends Omit<AppProps, "frame" | "without"> {
  readonly children: ReactNode;
}

/** Everything that widgets find around them. */
export function PageParts({ config, words, address, now, children }: PagePartsProps): ReactNode {
  const [client] = useState(() => new QueryClient());
  const page = usePageValue(config, address, now);
  return (
    <QueryClientProvider client={client}>
      <WordsContext value={words}>
        <PageContext value={page}>
          <PrintingProvider>
            <Announcer>{children}</Announcer>
          </PrintingProvider>
        </PageContext>
      </WordsContext>
    </QueryClientProvider>
  );
}

function usePageValue(config: PageConfig, at: Address, now: () => number): Page {
  const [search, push] = useSearch(at);
  const today = useToday(
    useMemo(() => todayOf(config), [config]),
    now,
  );
  const { maxHistoryYears, fiscalYearStart } = config;
  const bounds = useMemo(
    () => ({ today, maxHistoryYears, fiscalYearStart }),
    [today, maxHistoryYears, fiscalYearStart],
  );
  const defaults = useMemo(() => defaultsOf(config), [config]);
  const state = useMemo(() => parseState(search, defaults), [search, defaults]);
  const query = useCallback(
    (change: (before: PageState) => PageState = (before) => before) => {
      // Not of what is drawn, which may be on its way still.
      const now = at.read();
      return formatState(change(parseState(now, defaults)), defaults, now);
    },
    [at, defaults],
  );
  return useMemo(
    () => ({
      config,
      bounds,
      defaults,
      now,
      state,
      range: rangeOf(state, bounds),
      update: (change) => push(query(change)),
      address: (change) => `${at.before}${query(change)}`,
    }),
    [config, bounds, defaults, now, state, push, query, at],
  );
}
