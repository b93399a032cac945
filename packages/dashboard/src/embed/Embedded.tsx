import type { PageConfig } from "@community-stats/contract/page.ts";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { UNSAFE_PortalProvider as PortalProvider } from "react-aria/PortalProvider";
import { fetchJson } from "../api/http.ts";
import { App } from "../layout/App.tsx";
import type { PagePart } from "../layout/frame.ts";
import { WordsContext } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { ownAddress } from "../state/address.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { RootContext } from "../ui/root.ts";
import { Empty, Failed, Skeleton } from "../ui/States.tsx";
import { ownLayout } from "./own-layout.ts";

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
}

const HEIGHT_PX = 300;

/** A dashboard on anybody's page. */
export function Embedded(props: EmbeddedProps): ReactNode {
  const { service, scope, root, layers } = props;
  const [found, retry] = useConfig(`${service}/api/stats-dashboard/page?community_id=${encodeURIComponent(scope)}`);
  const words = useMemo(() => props.words(found.state === "ready" && found.config.binarySizes), [props.words, found]);
  const own = useMemo(() => ownLayout(props.layout), [props.layout]);
  const title = words.text("page.generic");
  if (own.kind === "bad") {
    const reason = own.reason ?? words.text("state.layoutNotObject");
    return (
      <WordsContext value={words}>
        <section className="card dashed">
          <Empty title={words.text("state.badLayoutTitle")} text={words.text("state.badLayoutText", { reason })} />
        </section>
      </WordsContext>
    );
  }
  if (found.state !== "ready") {
    return (
      <WordsContext value={words}>
        <section className="card" aria-busy={found.state === "loading"}>
          {found.state === "loading" ? (
            <Skeleton name={title} height={HEIGHT_PX} />
          ) : (
            <Failed name={title} error={found.error} onRetry={retry} />
          )}
        </section>
      </WordsContext>
    );
  }
  const layout = own.kind === "layout" ? own.layout : found.config.layout;
  return (
    <PortalProvider getContainer={() => layers}>
      <RootContext value={root}>
        <Ready {...props} words={() => words} config={{ ...located(found.config, service), layout }} />
      </RootContext>
    </PortalProvider>
  );
}

function Ready({ config, words, view, without }: EmbeddedProps & { readonly config: PageConfig }): ReactNode {
  const before = dashboardPath(config, { key: config.scope, slug: config.slug });
  const address = useMemo(() => ownAddress(view === "" ? "" : `?${view}`, before), [view, before]);
  return (
    <App
      config={config}
      words={words(config.binarySizes)}
      frame="element"
      address={address}
      without={without}
      now={Date.now}
    />
  );
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

type Found =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "ready"; readonly config: PageConfig };

function useConfig(url: string): readonly [Found, () => void] {
  const [found, setFound] = useState<Found>({ state: "loading" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setFound({ state: "loading" });
    fetchJson<PageConfig>(url, stop.signal).then(
      (config) => setFound({ state: "ready", config }),
      (error: unknown) => (stop.signal.aborted ? undefined : setFound({ state: "failed", error })),
    );
    return () => stop.abort();
  }, [url, tries]);
  return [found, () => setTries((count) => count + 1)];
}
