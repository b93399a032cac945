import type { ColumnsAnswer, Period } from "@community-stats/contract/series.ts";
import { expect, it } from "vitest";
import { columnsAnswer } from "../../test/answers.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords } from "../messages/words.ts";
import { timeRows } from "../select/time-rows.ts";
import { chartNotes, legendEntries } from "./chart-legend.ts";
import type { ChartModel } from "./chart-model.ts";

/** Of 20 November 2026 and the days after. */
function answerOf(values: readonly number[], states: readonly Period["state"][] = []): ColumnsAnswer {
  const periods = values.map((_, index): Period => {
    const day = `2026-11-${20 + index}`;
    return { from: day, to: day, state: states[index] ?? "complete" };
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  return columnsAnswer({
    from: "2026-11-20",
    to: periods.at(-1)?.to ?? "",
    side: "records",
    periods,
    series: [{ kind: "total", id: "", label: "", metrics: { records: values }, totals: { records: total } }],
  });
}

async function modelOf(answer: ColumnsAnswer, language = "en"): Promise<ChartModel> {
  const choice = { metric: "records", breakdown: null, several: false, order: [], today: "2026-11-22" };
  return {
    words: createWords(language, await loadCatalogue(language), false),
    metric: { side: "records", name: "records" },
    answer,
    rows: timeRows(answer, choice),
    breakdown: null,
    draw: "bar",
    folded: null,
    compared: null,
    against: "",
    otherName: "Same day of 2025",
    binary: false,
    hidden: new Set(),
  };
}

async function namesOf(answer: ColumnsAnswer, change: Partial<ChartModel> = {}): Promise<readonly string[]> {
  return legendEntries({ ...(await modelOf(answer)), ...change }).map(({ name }) => name);
}

it("one series alone needs no legend", async () => {
  expect(await namesOf(answerOf([3, 4]))).toEqual([]);
});

it("what else is drawn is named, and then the series, too", async () => {
  expect(await namesOf(answerOf([3, 4], ["complete", "open"]), { folded: [1, 2] })).toEqual([
    "Records",
    "Same day of 2025",
    "Not finished",
  ]);
});

it("columns below zero have a colour of their own, lines have not", async () => {
  expect(await namesOf(answerOf([3, -4]))).toEqual(["Records", "More removed than added"]);
  expect(await namesOf(answerOf([3, -4]), { draw: "line" })).toEqual([]);
});

it("a note begins as a sentence does, also where months are written small", async () => {
  const answer = columnsAnswer({
    granularity: "month",
    from: "2026-11-01",
    to: "2026-11-22",
    asOf: "2026-11-21",
    periods: [{ from: "2026-11-01", to: "2026-11-30", state: "open" }],
    series: [{ kind: "total", id: "", label: "", metrics: { records: [3] }, totals: { records: 3 } }],
  });
  const [note] = chartNotes(await modelOf(answer, "fr"));
  expect(note?.text).toBe("Novembre 2026 n’est pas terminé\u00a0: 21 jours sur 30.");
});
