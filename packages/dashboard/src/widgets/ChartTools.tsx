import type { PageConfig } from "@community-stats/contract/page.ts";
import type { ChartSpec, DataRef } from "@community-stats/contract/widgets.ts";
import type { ReactNode } from "react";
import { breakdownNoun, breakdownTitle } from "../messages/names.ts";
import { useWords } from "../messages/words-context.ts";
import type { Words } from "../messages/words.ts";
import { usePage } from "../state/page-context.ts";
import { Icon } from "../ui/Icon.tsx";
import { Menu, type MenuChoice } from "../ui/Menu.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { NONE, type ChartChoice } from "./chart-choice.ts";
import { canSplit } from "./data.ts";
import type { Placed } from "./props.ts";

interface ChartToolsProps {
  readonly placed: Placed<ChartSpec>;
  readonly choice: ChartChoice;
  readonly choose: (choice: Readonly<Record<string, string | null>>) => void;
  readonly words: Words;
  readonly offered: readonly string[];
}

/** What the chart measures. */
export function ChartMeasure({ placed, choice, choose, words }: Omit<ChartToolsProps, "offered">): ReactNode {
  const { config } = usePage();
  const { metrics } = offeredMetrics(placed.spec, config);
  if (metrics.length < 2) return null;
  const metricLabel = (ref: DataRef): string =>
    words.textOr(`short.${ref.side}.${ref.metric}`, words.metricTitle({ side: ref.side, name: ref.metric }));
  return (
    <Segmented
      legend={words.text("chart.measure")}
      className="metric"
      value={choice.data.metric}
      options={metrics.map((ref) => ({ value: ref.metric, label: metricLabel(ref) }))}
      onChange={(metric) => choose({ metric: metric === metrics[0]?.metric ? null : metric })}
    />
  );
}

/** By what it is split, and how it is drawn. */
export function ChartTools({ choice, choose, words, offered }: Omit<ChartToolsProps, "placed">): ReactNode {
  const { breakdown, draw, draws } = choice;
  return (
    <>
      <BreakdownMenu choice={choice} offered={offered} onChoose={(by) => choose({ by })} />
      {draws.length < 2 ? null : (
        <Segmented
          legend={words.text("chart.draw")}
          value={draw}
          options={draws.map((kind) => ({
            value: kind,
            label: words.text(breakdown === null ? `chart.draw.${kind}One` : `chart.draw.${kind}`),
            icon: kind,
          }))}
          onChange={(kind) => choose({ draw: kind === choice.initialDraw ? null : kind })}
        />
      )}
    </>
  );
}

/** What a page about one value cannot show for it is not offered there. */
function offeredMetrics({ metrics }: ChartSpec, { value, breakdowns }: PageConfig): Pick<ChartSpec, "metrics"> {
  return value === null
    ? { metrics }
    : { metrics: metrics.filter((data) => canSplit(breakdowns, data, value.breakdown)) };
}

interface BreakdownMenuProps {
  readonly choice: ChartChoice;
  readonly offered: readonly string[];
  readonly onChoose: (breakdown: string | null) => void;
}

/** By what the metric is split. What is not collected for it stays in the list and says why. */
function BreakdownMenu({ choice, offered, onChoose }: BreakdownMenuProps): ReactNode {
  const words = useWords();
  const { state, config } = usePage();
  const { data, breakdown } = choice;
  if (offered.length === 0 || config.value !== null) return null;
  const metric = words.within(words.metricTitle({ side: data.side, name: data.metric }));
  const offOf = (name: string): { readonly off?: string } => {
    if (state.filter !== null) return { off: words.text("filter.menuOff") };
    return canSplit(config.breakdowns, data, name) ? {} : { off: words.text("chart.notCollected", { metric }) };
  };
  const choices: readonly MenuChoice[] = [
    { value: NONE, label: words.text("chart.nothing") },
    ...offered.map((name) => ({
      value: name,
      label: breakdownTitle(words, name),
      ...offOf(name),
    })),
  ];
  return (
    <Menu
      label={words.text("chart.breakDownBy")}
      className="small by"
      value={breakdown ?? NONE}
      choices={choices}
      onChoose={(by) => onChoose(by === NONE ? null : by)}
    >
      {breakdown === null ? (
        <span className="clip">{words.text("chart.noBreakdown")}</span>
      ) : (
        <span className="clip">
          <span className="lead">{words.text("chart.by")} </span>
          {breakdownNoun(words, breakdown)}
        </span>
      )}
      <Icon name="down" />
    </Menu>
  );
}
