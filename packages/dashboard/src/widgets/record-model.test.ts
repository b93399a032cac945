import type { ListedRecord } from "@community-stats/contract/records.ts";
import { describe, expect, it } from "vitest";
import { recordListAnswer } from "../../test/answers.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords } from "../messages/words.ts";
import { recordRows } from "../select/record-rows.ts";
import { recordLines, recordSentence, recordTable, type RecordModel } from "./record-model.ts";

const use = (downloads: number): ListedRecord["metrics"] => ({
  views: 0,
  downloads,
  dataVolume: 0,
  viewVisitors: 0,
  downloadVisitors: 0,
  visitors: 0,
});
const RECORD: ListedRecord = {
  rank: 1,
  record: "12",
  parent: "11",
  state: "public",
  title: "On moss",
  resourceType: { id: "dataset", label: { en: "Dataset", de: "Forschungsdaten" } },
  author: "Banda, Juan M.",
  year: 2023,
  metrics: use(1_500),
};
const GONE: ListedRecord = {
  ...RECORD,
  rank: 2,
  record: "13",
  state: "deleted",
  title: null,
  resourceType: null,
  author: null,
  year: null,
  metrics: use(500),
};
const NAMELESS: ListedRecord = { ...RECORD, rank: 3, record: "14", title: null, author: "جامعة", metrics: use(20) };

async function model(language: string, records: readonly ListedRecord[] = [RECORD, GONE, NAMELESS]) {
  const words = createWords(language, await loadCatalogue(language), false);
  const totals = { views: 0, downloads: 4_040, dataVolume: 0 };
  const answer = recordListAnswer({ metric: "downloads", records, totals });
  const made: RecordModel = {
    words,
    metric: { side: "usage", name: "downloads" },
    answer,
    rows: recordRows(answer),
    place: { repositoryUrl: "https://repository.example", slug: null },
  };
  return made;
}

const EXPECTED = {
  en: {
    says: "The 3 records listed have 50% of 4,040 downloads.",
    one: "The 1 record listed has 37% of 4,040 downloads.",
    titles: ["On moss", "Deleted record 13", "Untitled"],
    first: { meta: "Dataset · Banda, Juan M. · 2023", value: "1,500" },
    caption: "Downloads by record, 1–31 Jan 2026",
    heads: ["Record", "Resource type", "First author", "Year", "Downloads", "Share"],
  },
  de: {
    says: "Die 3 gezeigten Datensätze haben 50 % (Downloads gesamt: 4.040).",
    one: "Der 1 gezeigte Datensatz hat 37 % (Downloads gesamt: 4.040).",
    titles: ["On moss", "Gelöschter Datensatz 13", "Ohne Titel"],
    first: { meta: "Forschungsdaten · Banda, Juan M. · 2023", value: "1.500" },
    caption: "Downloads nach Datensatz, 1.–31. Jan. 2026",
    heads: ["Datensatz", "Ressourcentyp", "Erstautor", "Jahr", "Downloads", "Anteil"],
  },
};
const plain = (text: string | null | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, " ");

describe.each(Object.entries(EXPECTED))("a list of records in %s", (language, expected) => {
  it("says what part of all use it has", async () => {
    expect(plain(recordSentence(await model(language)))).toBe(expected.says);
    expect(plain(recordSentence(await model(language, [RECORD])))).toBe(expected.one);
    expect(recordSentence(await model(language, []))).toBeNull();
  });

  it("has a line for each, also for what is gone or has no title", async () => {
    const lines = recordLines(await model(language));
    expect(lines.map(({ title }) => title)).toEqual(expected.titles);
    expect([lines[0]?.meta, lines[0]?.valueText]).toEqual([expected.first.meta, expected.first.value]);
    expect(lines.map(({ link }) => link !== null)).toEqual([true, false, true]);
    expect(lines[1]?.meta).toBe("");
    expect(lines[2]?.meta).toContain("\u2068جامعة\u2069 · 2023");
  });

  it("has the same numbers in its table", async () => {
    const { caption, columns, rows } = recordTable(await model(language));
    expect(plain(caption)).toBe(expected.caption);
    expect(columns.map(({ title }) => title)).toEqual(expected.heads);
    expect(rows.map(({ cells }) => cells[4]?.value)).toEqual([1_500, 500, 20]);
    expect(rows.map(({ cells }) => cells[0]?.text)).toEqual(expected.titles);
  });
});
