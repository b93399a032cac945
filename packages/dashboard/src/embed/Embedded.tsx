import type { PageConfig } from "@community-stats/contract/page.ts";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { fetchJson } from "../api/http.ts";
import { App } from "../layout/App.tsx";
import type { PagePart } from "../layout/frame.ts";
import { WordsContext } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { ownAddress } from "../state/address.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { LayersContext, RootContext } from "../ui/root.ts";
import { Empty, Failed, Skeleton } from "../ui/States.tsx";
import { ownLayout, type OwnLayout } from "./own-layout.ts";

export interface EmbeddedProps {
  /** Origin, and folder if any, of the service, without a trailing slash. */
  readonly service: string;
  /** "global", or id or slug of a community. */
  readonly scope: string;
  readonly layout: string | null;
  /** Query of a dashboard's address: the first choices. */
  readonly view: string;
  readonly without: ReadonlySet<PagePart>;
  readonly words: (binarySizes: boolean) => Words;
  /** Where it is drawn, and where what floats above it is. */
  readonly root: HTMLElement;
  readonly layers: HTMLElement;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** A dashboard on anybody's page. */
export function Embedded(props: EmbeddedProps): ReactNode {
  const { words, root, layers } = props;
  const [client] = useState(() => new QueryClient());
  const [plainWords] = useState(() => words(false));
  return (
    <QueryClientProvider client={client}>
      <WordsContext value={plainWords}>
        <LayersContext value={layers}>
          <RootContext value={root}>
            <Configured {...props} own={ownLayout(props.layout)} />
          </RootContext>
        </LayersContext>
      </WordsContext>
    </QueryClientProvider>
  );
}

const HEIGHT_PX = 300;

/** Asks what the scope's page is configured with. */
function Configured({ own, ...props }: EmbeddedProps & { readonly own: OwnLayout }): ReactNode {
  const { service, scope } = props;
  const words = props.words(false);
  const url = `${service}/api/stats-dashboard/page?community_id=${encodeURIComponent(scope)}`;
  const { data, isError, error, refetch } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => fetchJson<PageConfig>(url, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (own.kind === "bad") {
    const reason = own.reason ?? words.text("state.layoutNotObject");
    return (
      <section className="card dashed">
        <Empty title={words.text("state.badLayoutTitle")} text={words.text("state.badLayoutText", { reason })} />
      </section>
    );
  }
  if (data !== undefined) {
    const layout = own.kind === "layout" ? own.layout : data.layout;
    return <Ready {...props} config={{ ...located(data, service), layout }} />;
  }
  const title = words.text("page.generic");
  return (
    <section className="card" aria-busy={!isError}>
      {isError ? (
        <Failed name={title} error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton name={title} height={HEIGHT_PX} />
      )}
    </section>
  );
}

function Ready({ config, words, view, without, now }: EmbeddedProps & { readonly config: PageConfig }): ReactNode {
  const before = dashboardPath(config, { key: config.scope, slug: config.slug });
  const address = useMemo(() => ownAddress(view === "" ? "" : `?${view}`, before), [view, before]);
  const [own] = useState(() => ({ config, words: words(config.binarySizes) }));
  return <App {...own} frame="element" address={address} without={without} now={now} />;
}

/** Addresses of the service as seen from another origin. */
function located(config: PageConfig, service: string): PageConfig {
  const at = (path: string): string => (/^\w+:/.test(path) ? path : `${service}${path}`);
  return {
    ...config,
    apiBase: at(config.apiBase),
    helpUrl: config.helpUrl === null ? null : at(config.helpUrl),
    globalPath: at(config.globalPath),
    communityPath: at(config.communityPath),
  };
}
