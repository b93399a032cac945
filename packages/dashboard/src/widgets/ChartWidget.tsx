import { numberProp } from "@community-stats/contract/asking.ts";
import { FILE_PRESENCE, type ColumnsAnswer } from "@community-stats/contract/series.ts";
import type { ChartSpec } from "@community-stats/contract/widgets.ts";
import { memo, useDeferredValue, useId, useRef, useState, type ReactNode } from "react";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { useChoices, usePage } from "../state/page-context.ts";
import { Card, type CardProps } from "../ui/Card.tsx";
import { CardMenu } from "../ui/CardMenu.tsx";
import { Legend } from "../ui/Legend.tsx";
import { Failed, Skeleton } from "../ui/States.tsx";
import { Swatch } from "../ui/Swatch.tsx";
import { TimePlot } from "../ui/TimePlot.tsx";
import type { Stretch } from "../ui/use-stretch.ts";
import { chartNotes, legendEntries, type ChartNote } from "./chart-legend.ts";
import * as model from "./chart-model.ts";
import { chartChoice, offeredBreakdowns, type ChartChoice } from "./chart-choice.ts";
import { stretchDays, stretchText } from "./chart-stretch.ts";
import { chartTable } from "./chart-table.ts";
import { ChartMeasure, ChartTools } from "./ChartTools.tsx";
import { EmptyNotice } from "./EmptyNotice.tsx";
import { useCardActions } from "./page-parts.ts";
import type { Placed } from "./props.ts";
import { isWaiting, StaleNotice } from "./StaleNotice.tsx";
import { useChartModel } from "./use-chart-model.ts";
import { useAsked, useColumns, useComparison, type Asked, type Comparing, type Loaded } from "./use-columns.ts";
import { useValueOrder } from "./use-value-order.ts";

const DEFAULT_SERIES = 5;
const SKELETON_PX = 420;

interface ChartWidgetProps {
  readonly placed: Placed<ChartSpec>;
}

/** A chart over time: one metric, whole or broken down, as bars, lines or areas. */
export function ChartWidget({ placed }: ChartWidgetProps): ReactNode {
  const { choice, asked } = useQuestion(placed);
  const loaded = useColumns(asked);
  const comparing = useComparison(asked, settledNow(loaded), choice.data.metric);
  const { order, waiting } = useValueOrder(choice.breakdown);
  const coloured = waiting && isNew(loaded) ? LOADING : loaded;
  // Thousands of numbers are much to show: it is done in small steps, between which the page answers.
  return (
    <Chart
      placed={placed}
      loaded={useDeferredValue(coloured)}
      order={useDeferredValue(order)}
      comparing={useDeferredValue(comparing)}
    />
  );
}

const LOADING: Loaded = { state: "loading" };

/** The answer to the question of now, not what was shown before it. */
function isNew(loaded: Loaded): boolean {
  return loaded.state === "ready" && loaded.stale?.isOther !== true;
}

function useQuestion(placed: Placed<ChartSpec>): { readonly choice: ChartChoice; readonly asked: Asked } {
  const { state, config } = usePage();
  const [chosen] = useChoices(placed.id);
  const choice = chartChoice(placed, chosen, { filtered: state.filter !== null, breakdowns: config.breakdowns });
  const { data, breakdown } = choice;
  const top = numberProp(placed.props, "maxSeries", { least: 1, most: 50 }) ?? DEFAULT_SERIES;
  return { choice, asked: useAsked(data, breakdown === null ? { breakdown } : { breakdown, top }) };
}

/** What is drawn is compared, also while newer numbers are on their way. */
function settledNow(loaded: Loaded): Loaded {
  return loaded.state === "ready" ? { ...loaded, stale: null } : loaded;
}

interface ChartProps extends ChartWidgetProps {
  readonly loaded: Loaded;
  /** Values in the order that gives them their colours. */
  readonly order: readonly string[];
  readonly comparing: Comparing;
}

const Chart = memo(function Chart({ placed, loaded, order, comparing }: ChartProps): ReactNode {
  const words = useWords();
  const { config } = usePage();
  const [chosen, choose] = useChoices(placed.id);
  const { choice, asked } = useQuestion(placed);
  const { data } = choice;
  const title = ownTitle(words, placed.props["title"]) ?? words.text(placed.spec.titleKey);
  const chooser = { choice, choose, words };
  const common = {
    title,
    kind: "chart",
    measure: <ChartMeasure placed={placed} {...chooser} />,
    tools: <ChartTools {...chooser} offered={offeredBreakdowns(placed, config.uiBreakdowns)} />,
  };
  if (loaded.state !== "ready") {
    return (
      <Card {...common} busy={loaded.state === "loading"}>
        {loaded.state === "loading" ? (
          <Skeleton name={title} height={SKELETON_PX} />
        ) : (
          <Failed name={title} error={loaded.error} onRetry={loaded.retry} />
        )}
      </Card>
    );
  }
  if (model.isEmpty({ answer: loaded.answer, metric: { side: data.side, name: data.metric } })) {
    return (
      <Card {...common}>
        <EmptyNotice answer={loaded.answer} data={data} breakdown={null} />
      </Card>
    );
  }
  const open = chosen["table"] === "1";
  return (
    <ReadyChart
      placed={placed}
      head={common}
      answer={loaded.answer}
      order={order}
      comparing={comparing}
      choice={choice}
      asked={asked}
      tableOpen={open}
      onTable={() => choose({ table: open ? null : "1" })}
      busy={isWaiting(loaded.stale)}
      notice={<StaleNotice stale={loaded.stale} />}
    />
  );
});

interface ReadyChartProps {
  readonly placed: Placed<ChartSpec>;
  readonly head: Pick<CardProps, "title" | "kind" | "measure" | "tools">;
  readonly answer: ColumnsAnswer;
  readonly order: readonly string[];
  readonly comparing: Comparing;
  readonly choice: ChartChoice;
  readonly asked: Asked;
  readonly tableOpen: boolean;
  readonly onTable: () => void;
  readonly busy: boolean;
  readonly notice: ReactNode;
}

function ReadyChart(props: ReadyChartProps): ReactNode {
  const { placed, head, answer, order, comparing, choice, asked } = props;
  const words = useWords();
  const page = usePage();
  const exported = useRef<(() => string) | null>(null);
  const [hidden, toggle] = useHidden();
  const actions = useCardActions(placed.id);
  const says = useId();
  const chart = useChartModel({ answer, comparing, choice, order, hidden });
  const table = chartTable(chart);
  const drawing = model.chartDrawing(chart);
  const entries = legendEntries(chart);
  const all = page.state.filter !== null && !asked.narrowed;
  const height = numberProp(placed.props, "height", { least: 100, most: 2000 });
  return (
    <Card
      {...head}
      tag={all ? <span className="tag">{words.text("filter.tag")}</span> : null}
      menu={<CardMenu name={head.title} table={table} drawing={exported} {...actions} />}
      busy={props.busy}
      sentence={model.chartSentence(chart)}
      saysId={says}
      table={table}
      tableOpen={props.tableOpen}
      onTable={props.onTable}
    >
      {props.notice}
      <Legend entries={entries} onToggle={toggle} />
      <TimePlot
        drawing={drawing}
        caption={model.chartCaption(chart)}
        label={model.chartLabel(chart)}
        describedBy={says}
        {...(height === null ? {} : { height })}
        onDrawn={(svg) => {
          exported.current = svg;
        }}
        onTable={props.onTable}
        onChoose={chooserOf(page, chart)}
        onNarrow={narrowerOf(page, chart)}
        reading={{
          label: words.text(`chart.read.${chart.rows.granularity}`),
          count: chart.rows.periods.length,
          stride: STRIDES[chart.rows.granularity],
          seriesCount: chart.rows.series.length,
          text: (index, series) => model.pointText(chart, index, series),
          title: (index) => {
            const period = chart.rows.periods[index];
            return period === undefined ? "" : model.periodTitle(chart, period);
          },
          stretchText: (stretch) => stretchText(chart, stretch, page.bounds.today),
          rows: (index) => model.tipRows(chart, index),
        }}
      />
      <ChartNotes notes={chartNotes(chart)} />
    </Card>
  );
}

/** How many periods a year has; ten where that says little. */
const STRIDES = { day: 30, week: 52, month: 12, quarter: 4, year: 10 } as const;

function useHidden(): readonly [ReadonlySet<string>, (key: string) => void] {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void =>
    setHidden((before) =>
      before.has(key) ? new Set([...before].filter((other) => other !== key)) : new Set([...before, key]),
    );
  return [hidden, toggle];
}

function chooserOf(page: ReturnType<typeof usePage>, chart: model.ChartModel): ((series: number) => void) | null {
  const { breakdown } = chart;
  if (breakdown === null || breakdown === FILE_PRESENCE) return null;
  return (index) => {
    const source = chart.rows.series[index]?.source;
    if (source?.kind === "value") page.update((state) => ({ ...state, filter: { breakdown, value: source.id } }));
  };
}

function narrowerOf(page: ReturnType<typeof usePage>, chart: model.ChartModel): (stretch: Stretch) => void {
  return (stretch) => {
    const days = stretchDays(chart, stretch, page.bounds.today);
    if (days !== null) page.update((state) => ({ ...state, range: { kind: "custom", ...days } }));
  };
}

function ChartNotes({ notes }: { readonly notes: readonly ChartNote[] }): ReactNode {
  if (notes.length === 0) return null;
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={note.key}>
          <Swatch of={note.swatch} />
          <span>{note.text}</span>
        </li>
      ))}
    </ul>
  );
}
