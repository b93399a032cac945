import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { statusQuery } from "../api/queries.ts";
import { ApiError } from "../api/http.ts";
import { valueName } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { withChoice } from "../state/page-state.ts";
import { useAnnounce } from "../ui/Announcer.tsx";
import { FilterChips } from "../ui/FilterChips.tsx";
import { rangeName } from "../ui/range-name.ts";
import { Empty } from "../ui/States.tsx";
import { Textures } from "../ui/Textures.tsx";
import type { ArrangedTab } from "./arrange.ts";
import { ControlBar } from "./ControlBar.tsx";
import { FirstRun } from "./FirstRun.tsx";
import { Grid } from "./Grid.tsx";
import { PageHead } from "./PageHead.tsx";

/** The dashboard of one scope. */
export function Dashboard({ tabs }: { readonly tabs: readonly ArrangedTab[] }): ReactNode {
  const { config } = usePage();
  const status = useQuery(statusQuery(config.apiBase));
  const type = config.dashboardType;
  const scoped = type === "community" ? `communities-stats ${config.slug ?? ""}` : "";
  const body = type === "community" ? "communities-detail-body communities-detail-stats" : "global-stats-body";
  return (
    <div id={`${type}-stats-dashboard`} className={`stats-dashboard-hook ${type}-stats-dashboard ${scoped}`}>
      <main id="stats-main" className={`page ${body}`}>
        <Textures />
        {config.enabled ? (
          <>
            <PageHead status={status.data} />
            <Sections
              tabs={tabs}
              waiting={status.data?.asOf === null ? { progress: status.data.running } : null}
              gone={isGone(status.error)}
            />
          </>
        ) : (
          <Disabled />
        )}
      </main>
    </div>
  );
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.reason === "notFound";
}

function Disabled(): ReactNode {
  const words = useWords();
  const { config } = usePage();
  return (
    <section className="card">
      <Empty title={words.text("state.offTitle")} text={config.disabledMessage} icon="off">
        {config.dashboardType === "community" ? <a href="/stats">{words.text("state.offLink")}</a> : null}
      </Empty>
    </section>
  );
}

interface SectionsProps {
  readonly tabs: readonly ArrangedTab[];
  /** Nothing has been counted so far. */
  readonly waiting: { readonly progress: Parameters<typeof FirstRun>[0]["progress"] } | null;
  readonly gone: boolean;
}

function Sections({ tabs, waiting, gone }: SectionsProps): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  const shown = tabs.find(({ name }) => name === state.tab) ?? tabs[0];
  if (gone) return <Nothing />;
  if (shown === undefined) return null;
  const body = waiting === null ? <Body tab={shown} /> : <FirstRun progress={waiting.progress} />;
  if (tabs.length < 2) {
    return (
      <>
        <Announcements />
        {body}
      </>
    );
  }
  return (
    <Tabs
      selectedKey={shown.name}
      keyboardActivation="manual"
      onSelectionChange={(key) => update((before) => ({ ...before, tab: key === tabs[0]?.name ? null : String(key) }))}
    >
      <Announcements />
      <TabList className="tabs" aria-label={words.text("page.sections")}>
        {tabs.map(({ name, label }) => (
          <Tab key={name} id={name} className="tab">
            {label}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={shown.name} className="tab-panel" shouldForceMount>
        {body}
      </TabPanel>
    </Tabs>
  );
}

function Body({ tab }: { readonly tab: ArrangedTab }): ReactNode {
  const words = useWords();
  const { range } = usePage();
  const heading = words.text("page.heading", { tab: tab.label, span: words.span(range.from, range.to) });
  return (
    <>
      <ControlBar />
      <FilterChips nameOf={(breakdown, value) => valueName(words, breakdown, { id: value, label: "" })} />
      <HiddenParts tab={tab} />
      <h2 className="sr">{heading}</h2>
      <Grid tab={tab} />
    </>
  );
}

/** Parts put away can be brought back. */
function HiddenParts({ tab }: { readonly tab: ArrangedTab }): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  const ids = Object.keys(state.widgets).filter(
    (id) => id.startsWith(`${tab.name}.`) && state.widgets[id]?.["hidden"] === "1",
  );
  if (ids.length === 0) return null;
  const showAll = (): void =>
    update((before) => ids.reduce((shown, id) => withChoice(shown, id, { hidden: null }), before));
  return (
    <p className="hidden-parts">
      <button type="button" className="btn small" onClick={showAll}>
        {words.text("tool.showAgain", { n: words.numbers.full(ids.length), count: ids.length })}
      </button>
    </p>
  );
}

/** Tells the period when it changes; the numbers speak for themselves when they are reached. */
function Announcements(): null {
  const words = useWords();
  const announce = useAnnounce();
  const { range, state } = usePage();
  const name = rangeName(words, state.range);
  const span = words.dates.range(range.from, range.to, true);
  const by = words.text(`byGrain.${state.granularity}`);
  useEffect(() => announce(`${name}, ${span}. ${by}.`), [announce, name, span, by]);
  return null;
}

function Nothing(): ReactNode {
  const words = useWords();
  return (
    <section className="card">
      <Empty title={words.text("state.nothingTitle")} text={words.text("state.nothingText")} icon="lock" />
    </section>
  );
}
