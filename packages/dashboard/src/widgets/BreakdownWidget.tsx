import { breakdownSplitting } from "@community-stats/contract/asking.ts";
import type { BreakdownSpec } from "@community-stats/contract/widgets.ts";
import { memo, useId, useRef, type ReactNode } from "react";
import { breakdownNoun, breakdownPlural, breakdownTitle } from "../messages/names.ts";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { unitOf } from "../messages/words.ts";
import { breakdownRows } from "../select/breakdown-rows.ts";
import { useChoices, usePage } from "../state/page-context.ts";
import { BreakdownList } from "../ui/BreakdownList.tsx";
import { Card } from "../ui/Card.tsx";
import { CardMenu } from "../ui/CardMenu.tsx";
import { DonutView } from "../ui/DonutView.tsx";
import { usePrinting } from "../ui/printing.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Failed, Skeleton } from "../ui/States.tsx";
import * as model from "./breakdown-model.ts";
import { isSeveral } from "./data.ts";
import { EmptyNotice } from "./EmptyNotice.tsx";
import { useCardActions } from "./page-parts.ts";
import { namesProp, textProp, type Placed } from "./props.ts";
import { isWaiting, StaleNotice } from "./StaleNotice.tsx";
import { useAsked, useColumns, type Loaded } from "./use-columns.ts";
import { useValueOrder } from "./use-value-order.ts";

const ROW_PX = 35;
const HEAD_PX = 52;
const RING_PX = 192;

type View = "list" | "pie";

/** The values of one breakdown by rank: as a list with bars, or as a ring. */
export function BreakdownWidget({ placed }: { readonly placed: Placed<BreakdownSpec> }): ReactNode {
  const words = useWords();
  const { data, breakdown } = placed.spec;
  const { top } = breakdownSplitting(placed.spec, placed.props);
  const asked = useAsked(data, { breakdown, top });
  const loaded = useColumns(asked);
  const title = ownTitle(words, placed.props["title"]) ?? breakdownPlural(words, breakdown);
  if (loaded.state === "ready") return <Ready placed={placed} title={title} loaded={loaded} top={top} />;
  return (
    <Card title={title} kind="breakdown" busy={loaded.state === "loading"}>
      {loaded.state === "loading" ? (
        <Skeleton name={title} height={HEAD_PX + top * ROW_PX} />
      ) : (
        <Failed name={title} error={loaded.error} onRetry={loaded.retry} />
      )}
    </Card>
  );
}

interface ReadyProps {
  readonly placed: Placed<BreakdownSpec>;
  readonly title: string;
  readonly loaded: Extract<Loaded, { readonly state: "ready" }>;
  readonly top: number;
}

/** Not drawn again when nothing has come that it shows. */
const Ready = memo(function Ready({ placed, title, loaded, top }: ReadyProps): ReactNode {
  const words = useWords();
  const { state, config } = usePage();
  const [chosen, choose] = useChoices(placed.id);
  const { data, breakdown } = placed.spec;
  const several = isSeveral(config.breakdowns, breakdown);
  const found = breakdownRows(loaded.answer, { metric: data.metric, top, several });
  const metric = { side: data.side, name: data.metric };
  const made: model.BreakdownModel = {
    words,
    metric,
    answer: loaded.answer,
    found,
    breakdown,
    several,
    place: config,
  };
  const views = viewsOf(placed, several, made);
  const initial = initialView(placed, made);
  const view = views.find((name) => name === (chosen["view"] ?? initial)) ?? "list";
  const exported = useRef<(() => string) | null>(null);
  const says = useId();
  const actions = useCardActions(placed.id);
  const table = model.breakdownTable(made);
  const open = chosen["table"] === "1";
  const empty = found.rows.every(({ source }) => source.kind !== "value");
  return (
    <Card
      title={title}
      kind="breakdown"
      tag={state.filter === null ? null : <span className="tag">{words.text("filter.tag")}</span>}
      tools={
        <ViewSwitch views={views} view={view} onChange={(next) => choose({ view: next === initial ? null : next })} />
      }
      menu={<CardMenu name={title} table={table} {...(view === "pie" ? { drawing: exported } : {})} {...actions} />}
      busy={isWaiting(loaded.stale)}
      sentence={empty ? null : model.breakdownSentence(made)}
      saysId={says}
      {...(empty ? {} : { table, tableOpen: open, onTable: () => choose({ table: open ? null : "1" }) })}
    >
      <StaleNotice stale={loaded.stale} />
      {empty ? (
        <EmptyNotice answer={loaded.answer} data={data} breakdown={breakdown} />
      ) : (
        <Body
          made={made}
          view={view}
          says={says}
          onDrawn={(svg) => {
            exported.current = svg;
          }}
        />
      )}
      {empty ? null : <p className="card-foot">{model.breakdownCaption(made)}</p>}
    </Card>
  );
});

interface BodyProps {
  readonly made: model.BreakdownModel;
  readonly view: View;
  readonly says: string;
  readonly onDrawn: (svg: () => string) => void;
}

function Body({ made, view, says, onDrawn }: BodyProps): ReactNode {
  const { words, metric, breakdown } = made;
  const { update } = usePage();
  const { order, waiting } = useValueOrder(view === "pie" ? breakdown : null);
  const printing = usePrinting();
  const title = words.metricTitle(metric);
  const onChoose = (key: string): void =>
    update((state) => ({ ...state, filter: { breakdown, value: key.replace(/^value:/, "") } }));
  if (waiting) return <Skeleton name={title} height={RING_PX} />;
  if (view === "pie") {
    const keys = model.donutKeys(made, order);
    const whole = made.found.whole ?? 0;
    const bytes = unitOf(metric) === "bytes";
    return (
      <DonutView
        donut={{
          slices: keys,
          total: bytes ? words.numbers.bytes(whole) : words.numbers.compact(whole),
          unit: words.noun(metric, whole),
        }}
        label={words.text("widget.titleBy", { metric: title, breakdown: breakdownNoun(words, breakdown) })}
        describedBy={says}
        rows={keys}
        onChoose={onChoose}
        onDrawn={onDrawn}
      />
    );
  }
  if (printing) return null;
  return (
    <BreakdownList
      heads={[breakdownTitle(words, breakdown), title, words.text("table.share")]}
      rows={model.listRows(made)}
      onChoose={onChoose}
    />
  );
}

/** A ring only where parts make up a whole. */
function viewsOf(placed: Placed<BreakdownSpec>, several: boolean, { found }: model.BreakdownModel): readonly View[] {
  const named = namesProp(placed.props, "available_views");
  const allowed: readonly View[] =
    named === null
      ? ["list", "pie"]
      : (["list", "pie"] as const).filter((view) => named.includes(view) || view === "list");
  const parts = found.rows.every(({ value }) => (value ?? 0) >= 0) && !several;
  return parts ? allowed : ["list"];
}

/** As the layout has it, but a ring only where it would name most of what there is. */
function initialView(placed: Placed<BreakdownSpec>, made: model.BreakdownModel): View {
  return textProp(placed.props, "default_view") === "pie" && model.suitsRing(made) ? "pie" : "list";
}

interface ViewSwitchProps {
  readonly views: readonly View[];
  readonly view: View;
  readonly onChange: (view: string) => void;
}

function ViewSwitch({ views, view, onChange }: ViewSwitchProps): ReactNode {
  const words = useWords();
  if (views.length < 2) return null;
  return (
    <Segmented
      legend={words.text("tool.view")}
      value={view}
      onChange={onChange}
      options={views.map((name) => ({ value: name, label: words.text(`tool.view.${name}`), icon: name }))}
    />
  );
}
