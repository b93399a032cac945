import { dayRuns, gapDays } from "@community-stats/contract/knowledge.ts";
import type { ColumnsAnswer, Period } from "@community-stats/contract/series.ts";
import { begun } from "../messages/sentences.ts";
import type { Words } from "../messages/words.ts";
import type { TimeRows } from "../select/time-rows.ts";
import type { LegendEntry } from "../ui/Legend.tsx";
import { seriesNames, type ChartModel } from "./chart-model.ts";

/** What negative columns are filled with, see charts/bar-shapes.ts. */
const BELOW_ZERO = { slot: 2 } as const;

/** What each colour and each line of a time chart stands for. One series alone needs none. */
export function legendEntries(model: ChartModel): readonly LegendEntry[] {
  const { words, rows, folded, breakdown } = model;
  const states = new Set(rows.periods.map(({ state }) => state));
  const below = hasOwnColourBelowZero(model);
  const isSplit = breakdown !== null;
  const marks: readonly (LegendEntry | false)[] = [
    below && { key: "below", swatch: BELOW_ZERO, name: words.text("chart.below") },
    folded !== null && {
      key: "compare",
      swatch: "compare",
      name: isSplit ? words.text("sameAll", { same: model.otherName }) : model.otherName,
    },
    (states.has("missing") || states.has("partial")) && {
      key: "gap",
      swatch: "gap",
      name: words.text("chart.noData"),
    },
    states.has("open") && { key: "open", swatch: "unfinished", name: words.text("chart.unfinished") },
  ];
  const needsSeries = rows.series.length > 1 || folded !== null || states.size > 1 || below;
  return [...(needsSeries ? seriesEntries(model) : []), ...marks.filter((mark) => mark !== false)];
}

function seriesEntries(model: ChartModel): readonly LegendEntry[] {
  const { words, rows, hidden } = model;
  const names = seriesNames(model);
  const isSplit = model.breakdown !== null;
  return rows.series.map((row, index) => ({
    key: row.key,
    swatch: { slot: row.slot },
    name: isSplit ? (names[index] ?? "") : words.metricTitle(model.metric),
    ...(row.share === null || !isSplit ? {} : { note: words.numbers.percent(row.share) }),
    ...(rows.series.length > 1 ? { shown: !hidden.has(row.key) } : {}),
  }));
}

/** Columns of several series keep the colours of their series. */
function hasOwnColourBelowZero({ rows, draw }: ChartModel): boolean {
  const [only, second] = rows.series;
  return draw === "bar" && second === undefined && (only?.values.some((value) => (value ?? 0) < 0) ?? false);
}

export interface ChartNote {
  readonly key: string;
  readonly swatch: "gap" | "unfinished";
  readonly text: string;
}

export function chartNotes({ words, answer, rows }: ChartModel): readonly ChartNote[] {
  const runs = dayRuns(gapDays(answer));
  const last = rows.periods.at(-1);
  const missing = runs.map(({ from, to }) => words.dates.range(from, to, false)).join(", ");
  return [
    ...(runs.length === 0
      ? []
      : [{ key: "gap", swatch: "gap", text: words.text("chart.noteMissing", { days: missing }) } as const]),
    ...(last?.state === "open"
      ? [{ key: "open", swatch: "unfinished", text: unfinishedNote(words, { answer, rows, last }) } as const]
      : []),
  ];
}

interface Unfinished {
  readonly answer: ColumnsAnswer;
  readonly rows: TimeRows;
  readonly last: Period;
}

function unfinishedNote(words: Words, { answer, rows, last }: Unfinished): string {
  const name = words.period(last, rows.granularity, rows.granularity !== "week");
  const all = daysBetween(last.from, last.to);
  const known = answer.asOf === null ? 0 : daysBetween(last.from, answer.asOf);
  const note =
    all < 2 || known < 0
      ? words.text("chart.noteOpen", { name })
      : words.text("chart.noteUnfinished", {
          name,
          known: words.numbers.full(known),
          n: words.numbers.full(all),
          count: all,
        });
  return begun(words, note);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
