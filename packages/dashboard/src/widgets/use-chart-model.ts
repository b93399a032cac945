import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import { useWords } from "../messages/words-context.ts";
import { timeRows } from "../select/time-rows.ts";
import { usePage } from "../state/page-context.ts";
import { againstText, compareName } from "./against.ts";
import type { ChartChoice } from "./chart-choice.ts";
import type { ChartModel } from "./chart-model.ts";
import { isSeveral } from "./data.ts";
import type { Comparing } from "./use-columns.ts";

interface ModelInput {
  readonly answer: ColumnsAnswer;
  readonly comparing: Comparing;
  readonly choice: ChartChoice;
  /** Values in the order that gives them their colours. */
  readonly order: readonly string[];
  readonly hidden: ReadonlySet<string>;
}

/** What a chart says and draws of an answer, as the page is now. */
export function useChartModel({ answer, comparing, choice, order, hidden }: ModelInput): ChartModel {
  const words = useWords();
  const { state, range, bounds, config } = usePage();
  const { data, breakdown, draw } = choice;
  const { compared, folded } = comparing;
  const against = { comparison: state.comparison, range };
  const drawsTotal = breakdown === null || draw !== "line";
  return {
    words,
    metric: { side: data.side, name: data.metric },
    answer,
    rows: timeRows(answer, {
      metric: data.metric,
      breakdown,
      several: breakdown !== null && isSeveral(config.breakdowns, breakdown),
      order,
      today: bounds.today,
    }),
    breakdown,
    draw,
    folded: drawsTotal ? folded : null,
    compared: data.kind === "snapshot" && state.comparison !== "year" ? null : compared,
    against: state.comparison === "none" ? "" : againstText(words, against),
    otherName: compareName(words, against, answer.granularity),
    binary: config.binarySizes,
    hidden,
  };
}
