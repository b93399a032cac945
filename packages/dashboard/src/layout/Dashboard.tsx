import { useQueryClient } from "@tanstack/react-query";
import { memo, useDeferredValue, useEffect, type ReactNode } from "react";
import { titleText } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { withChoice } from "../state/page-state.ts";
import { useAnnounce } from "../ui/Announcer.tsx";
import { CardBoundary } from "../ui/CardBoundary.tsx";
import { FilterChips } from "../ui/FilterChips.tsx";
import { rangeName } from "../ui/range-name.ts";
import { Empty } from "../ui/States.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { Textures } from "../ui/Textures.tsx";
import type { ArrangedTab } from "./arrange.ts";
import { Body } from "./Body.tsx";
import { ControlBar } from "./ControlBar.tsx";
import { Disabled } from "./Disabled.tsx";
import { FirstRun } from "./FirstRun.tsx";
import type { Frame, PagePart } from "./frame.ts";
import { Grid } from "./Grid.tsx";
import { PageHead } from "./PageHead.tsx";
import { useRefusal, useStatus } from "./use-service.ts";

export interface DashboardProps {
  readonly tabs: readonly ArrangedTab[];
  readonly frame: Frame;
  readonly without?: ReadonlySet<PagePart>;
}

const ALL_PARTS: ReadonlySet<PagePart> = new Set();

/** The dashboard of one scope. */
export function Dashboard({ tabs, frame, without = ALL_PARTS }: DashboardProps): ReactNode {
  const { config } = usePage();
  const status = useStatus(config.apiBase);
  const refusal = useRefusal();
  const words = useWords();
  const type = config.dashboardType;
  const scoped = type === "community" ? `communities-stats ${config.slug ?? ""}` : "";
  const body = type === "community" ? "communities-detail-body communities-detail-stats" : "global-stats-body";
  return (
    <div id={`${type}-stats-dashboard`} className={`stats-dashboard-hook ${type}-stats-dashboard ${scoped}`}>
      <Body frame={frame} className={`page ${body}`}>
        <Textures />
        {config.enabled && refusal !== "off" ? (
          <>
            <CardBoundary name={words.text("page.generic")}>
              {without.has("head") ? null : <PageHead status={status} frame={frame} />}
            </CardBoundary>
            <CardBoundary name={words.text("page.generic")}>
              <Sections
                tabs={tabs}
                controls={!without.has("controls")}
                waiting={status?.asOf === null ? { progress: status.running } : null}
                gone={refusal === "gone"}
              />
            </CardBoundary>
          </>
        ) : (
          <Disabled />
        )}
      </Body>
    </div>
  );
}

interface SectionsProps {
  readonly tabs: readonly ArrangedTab[];
  readonly controls: boolean;
  /** Nothing has been counted so far. */
  readonly waiting: { readonly progress: Parameters<typeof FirstRun>[0]["progress"] } | null;
  readonly gone: boolean;
}

function Sections({ tabs, controls, waiting, gone }: SectionsProps): ReactNode {
  const words = useWords();
  const { state, update } = usePage();
  const shown = tabs.find(({ name }) => name === state.tab) ?? tabs[0];
  // Head and controls come first: laying out everything at once would block a slow machine.
  const begun = useDeferredValue(true, false);
  if (gone) return <Nothing />;
  if (shown === undefined) return null;
  const body =
    waiting === null ? (
      <TabBody tab={shown} controls={controls} begun={begun} />
    ) : (
      <FirstRun progress={waiting.progress} />
    );
  if (tabs.length < 2) {
    return (
      <>
        <Announcements />
        {body}
      </>
    );
  }
  return (
    <>
      <Announcements />
      <Tabs
        label={words.text("page.sections")}
        tabs={tabs.map(({ name, label }) => ({ name, title: titleText(words, label) }))}
        value={shown.name}
        onChange={(name) => update((before) => ({ ...before, tab: name === tabs[0]?.name ? null : name }))}
      >
        {body}
      </Tabs>
    </>
  );
}

interface TabBodyProps {
  readonly tab: ArrangedTab;
  readonly controls: boolean;
  /** Whether the parts are drawn already. */
  readonly begun: boolean;
}

/** Not drawn again whenever the service tells how far it is. */
const TabBody = memo(function TabBody({ tab, controls, begun }: TabBodyProps): ReactNode {
  const words = useWords();
  const { range } = usePage();
  const heading = words.text("page.heading", {
    tab: titleText(words, tab.label),
    span: words.span(range.from, range.to),
  });
  return (
    <>
      {controls ? <ControlBar /> : null}
      <FilterChips />
      <HiddenParts tab={tab} />
      <h2 className="sr">{heading}</h2>
      {begun ? <Grid tab={tab} /> : <div className="grid-wait" />}
    </>
  );
});

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
  const client = useQueryClient();
  return (
    <section className="card">
      <Empty title={words.text("state.nothingTitle")} text={words.text("state.nothingText")} icon="lock">
        <button type="button" className="btn" onClick={() => void client.resetQueries()}>
          {words.text("state.retry")}
        </button>
      </Empty>
    </section>
  );
}
