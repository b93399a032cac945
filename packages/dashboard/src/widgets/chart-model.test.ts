import type { ColumnSeries } from "@community-stats/contract/series.ts";
import { expect, it } from "vitest";
import { columnsAnswer } from "../../test/answers.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords } from "../messages/words.ts";
import { timeRows } from "../select/time-rows.ts";
import { tipRows, type ChartModel } from "./chart-model.ts";

const series = (part: Pick<ColumnSeries, "kind" | "id" | "label">, views: number): ColumnSeries => ({
  ...part,
  metrics: { views: [views] },
  totals: { views },
});
const ANSWER = columnsAnswer({
  from: "2026-11-21",
  to: "2026-11-21",
  breakdown: "rights",
  periods: [{ from: "2026-11-21", to: "2026-11-21", state: "complete" }],
  series: [
    series({ kind: "total", id: "", label: "" }, 10),
    series({ kind: "value", id: "cc-by-4.0", label: { en: "Creative Commons Attribution 4.0" } }, 7),
    series({ kind: "value", id: "mit", label: { en: "mit" } }, 3),
  ],
  valueCount: 2,
});

async function model(breakdown: string | null): Promise<ChartModel> {
  const choice = { metric: "views", breakdown, several: false, order: [], today: "2026-11-22" };
  return {
    words: createWords("en", await loadCatalogue("en"), false),
    metric: { side: "usage", name: "views" },
    answer: ANSWER,
    rows: timeRows(ANSWER, choice),
    breakdown,
    draw: "bar",
    folded: null,
    compared: null,
    against: "",
    otherName: "",
    binary: false,
    hidden: new Set(),
  };
}

it("at a place of the chart, parts are named in full and have their share of it", async () => {
  expect(tipRows(await model("rights"), 0).map(({ name, value, share }) => [name, value, share])).toEqual([
    ["MIT", "3", "30%"],
    ["Creative Commons Attribution 4.0", "7", "70%"],
    ["All", "10", undefined],
  ]);
});

it("a whole has no share of itself", async () => {
  expect(tipRows(await model(null), 0)).toMatchObject([{ name: "Views", value: "10" }]);
  expect(tipRows(await model(null), 0)[0]).not.toHaveProperty("share");
});
