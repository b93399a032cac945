import { gapDays } from "@community-stats/contract/knowledge.ts";
import type { Granularity, Period } from "@community-stats/contract/series.ts";
import { breakdownNoun } from "../messages/names.ts";
import type { Words } from "../messages/words.ts";
import type { TableData } from "../ui/DataTable.tsx";
import { atLeast, chartCaption, seriesNames, type ChartModel } from "./chart-model.ts";

/** The numbers of a chart. */
export function chartTable(model: ChartModel): TableData {
  const { words, metric, rows, answer } = model;
  const split = model.breakdown !== null;
  const names = seriesNames(model);
  const cell = (value: number | null) => ({ text: value === null ? "–" : words.amount(metric, value), value });
  const span = words.dates.range(answer.from, answer.to, true);
  const title = words.metricTitle(metric);
  // Thousands of cells to format, which are seldom looked at.
  const made = once(() =>
    rows.periods.map((period, index) => {
      const total = rows.totals[index] ?? null;
      const all = cell(total);
      return {
        key: period.from,
        cells: [
          { text: words.period(period, rows.granularity, true) },
          ...(split ? rows.series.map(({ values }) => cell(values[index] ?? null)) : []),
          { ...all, text: atLeast(period, all.text, false) },
          ...(model.folded === null ? [] : [cell(model.folded[index] ?? null)]),
          { text: noteText(words, period, rows.granularity) },
        ],
      };
    }),
  );
  return {
    caption: split
      ? words.text("table.by", { metric: title, breakdown: breakdownNoun(words, model.breakdown ?? ""), span })
      : `${chartCaption(model)}, ${span}`,
    columns: [
      { key: "period", title: words.text(`grain.${rows.granularity}`), numeric: false },
      ...(split ? rows.series.map(({ key }, index) => ({ key, title: names[index] ?? "", numeric: true })) : []),
      { key: "all", title: split ? words.text("all") : title, numeric: true },
      ...(model.folded === null ? [] : [{ key: "compare", title: model.otherName, numeric: true }]),
      { key: "note", title: words.text("table.note"), numeric: false },
    ],
    get rows() {
      return made();
    },
    ...(answer.kind === "delta" ? { foot: footRow(model, cell) } : {}),
  };
}

function footRow(
  model: ChartModel,
  cell: (value: number | null) => { text: string; value: number | null },
): TableData["rows"][number] {
  const { words, rows, answer } = model;
  const all = cell(rows.whole);
  const folded =
    model.folded?.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null) ?? null;
  return {
    key: "whole",
    cells: [
      { text: words.text("table.whole") },
      ...(model.breakdown === null ? [] : rows.series.map(({ total }) => cell(total))),
      { ...all, text: gapDays(answer).length > 0 ? `≥ ${all.text}` : all.text },
      ...(model.folded === null ? [] : [cell(folded)]),
      { text: "" },
    ],
  };
}

function noteText(words: Words, period: Period, granularity: Granularity): string {
  switch (period.state) {
    case "complete":
      return "";
    case "missing":
      return words.text("table.noteNone");
    case "partial":
      return words.text("table.notePartial");
    case "open":
      return words.text("table.noteUnfinished");
    case "cut":
      return words.text(`table.noteCut.${granularity}`);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
