import type { Period } from "@community-stats/contract/series.ts";
import { describe, expect, it } from "vitest";
import { catalogue as english } from "./catalogues/en.ts";
import { chooseLocale, LANGUAGES, loadCatalogue } from "./catalogue.ts";
import * as say from "./sentences.ts";
import { createWords, type Words } from "./words.ts";

async function wordsOf(locale: string): Promise<Words> {
  // Narrow spaces and no-break spaces of the locale are told apart by nobody who reads a test.
  return createWords(locale, await loadCatalogue(locale), false);
}
const plain = (text: string | null) => text?.replaceAll(/[\u00a0\u202f]/g, " ") ?? null;
const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].toSorted();
const marks = (text: string) => text.match(/<\/?b>/g);
/** By key, what translations must have in common. */
function shapeOf(
  catalogue: Readonly<Record<string, string>>,
  feature: (text: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, feature(text)]));
}

describe.each(LANGUAGES.filter((language) => language !== "en"))("%s", (language) => {
  it("has the keys of English, and in each the same values", async () => {
    expect(shapeOf(await loadCatalogue(language), placeholders)).toEqual(shapeOf(english, placeholders));
  });

  it("marks the figure where English does", async () => {
    expect(shapeOf(await loadCatalogue(language), marks)).toEqual(shapeOf(english, marks));
  });

  it("has every plural form, millions included", async () => {
    const words = await wordsOf(language);
    for (const count of [0, 1, 2, 5, 1_000_000]) {
      expect(words.noun({ side: "usage", name: "views" }, count)).not.toBe("views");
      expect(say.gapText(words, count)).not.toBe("gap");
    }
  });
});

const views = { side: "usage", name: "views" } as const;
const records = { side: "records", name: "records" } as const;
const week = (from: string, to: string, state: Period["state"] = "complete"): Period => ({ from, to, state });
const weeks = [
  week("2026-03-02", "2026-03-08"),
  week("2026-03-09", "2026-03-15"),
  week("2026-03-16", "2026-03-22"),
  week("2026-03-23", "2026-03-29", "open"),
];
const months = [week("2025-05-01", "2025-05-31"), week("2025-06-01", "2025-06-30"), week("2025-07-01", "2025-07-31")];
const year = { from: "2026-01-01", to: "2026-11-21" };
const two = [
  { name: "A", value: 80 },
  { name: "B", value: 4 },
];

/** One row per sentence; the same facts in every language. */
const SENTENCES: Readonly<Record<string, (words: Words) => string | null>> = {
  level: (words) => say.levelOverPeriod(words, { metric: views, value: 87_904, gapDays: 0, ...year }),
  atLeast: (words) => say.levelOverPeriod(words, { metric: views, value: 87_904, gapDays: 9, ...year }),
  none: (words) => say.levelOverPeriod(words, { metric: views, value: 0, gapDays: 0, ...year }),
  noBytes: (words) =>
    say.levelOverPeriod(words, { metric: { side: "usage", name: "dataVolume" }, value: 0, gapDays: 0, ...year }),
  snapshot: (words) => say.levelAt(words, { metric: records, value: 688, day: "2026-11-21", before: 616 }),
  change: (words) => say.change(words, { value: 123, other: 100 }, words.text("against.year", { year: 2025 })),
  peak: (words) =>
    say.peak(words, { metric: views, granularity: "week", periods: weeks, values: [1_500, 3_079, 1_600, null] }),
  trough: (words) =>
    say.trough(words, { granularity: "month", periods: months, added: [9, 5, 3], removed: [1, 22, 0] }),
  leaders: (words) => say.leaders(words, { leaders: two, whole: 100 }),
  breakdown: (words) => say.breakdownLead(words, { metric: views, leaders: two, whole: 100, several: false }),
  map: (words) => say.mapLead(words, { metric: views, leaders: two, whole: 100, countries: 70 }),
  threshold: (words) =>
    say.threshold(words, { metric: records, granularity: "month", periods: months, values: [480, 510, 688] }),
  caveat: (words) => say.caveat(words, { granularity: "week", periods: weeks }),
};

const EXPECTED: Readonly<Record<string, Readonly<Record<keyof typeof SENTENCES, string>>>> = {
  de: {
    level: "<b>87.904</b> Aufrufe vom 1. Januar bis 21. November 2026.",
    atLeast: "Mindestens <b>87.904</b> Aufrufe vom 1. Januar bis 21. November 2026: 9 Tage sind ohne Daten.",
    none: "Keine Aufrufe vom 1. Januar bis 21. November 2026.",
    noBytes: "Nichts heruntergeladen vom 1. Januar bis 21. November 2026.",
    snapshot: "<b>688</b> Datensätze am 21. November 2026, 72 mehr als ein Jahr zuvor (12 %).",
    change: "Das sind 23 % mehr als an denselben Tagen 2025.",
    peak: "Die stärkste Woche war 9.–15. März mit 3.079.",
    trough: "Juni: mehr entfernt (22) als hinzugefügt (5).",
    leaders: "An der Spitze: A mit 80 %, dann B mit 4 %.",
    breakdown: "An der Spitze: A mit 80 % (Aufrufe gesamt: 100), dann B mit 4 %.",
    map: "Aufrufe aus 70 Ländern. An der Spitze: A mit 80 % (Aufrufe gesamt: 100), dann B mit 4 %.",
    threshold: "Die Sammlung hat 500 im Juni 2025 überschritten.",
    caveat: "Die letzte Woche, 23.–29. März, ist nicht abgeschlossen.",
  },
  fr: {
    level: "<b>87 904</b> consultations du 1er janvier au 21 novembre 2026.",
    atLeast: "Au moins <b>87 904</b> consultations du 1er janvier au 21 novembre 2026 : 9 jours sont sans données.",
    none: "0 consultation du 1er janvier au 21 novembre 2026.",
    noBytes: "Rien n’a été téléchargé du 1er janvier au 21 novembre 2026.",
    snapshot: "<b>688</b> notices au 21 novembre 2026, 72 de plus qu’un an auparavant (12 %).",
    change: "C’est 23 % de plus que les mêmes jours de 2025.",
    peak: "La semaine la plus forte : 9–15 mars, avec 3 079.",
    trough: "Plus de retraits (22) que d’ajouts (5) : juin.",
    leaders: "En tête : A avec 80 %, puis B avec 4 %.",
    breakdown: "En tête : A avec 80 % (consultations au total : 100), puis B avec 4 %.",
    map: "Consultations depuis 70 pays. En tête : A avec 80 % (consultations au total : 100), puis B avec 4 %.",
    threshold: "La collection a dépassé 500 en juin 2025.",
    caveat: "La dernière semaine, 23–29 mars, n’est pas terminée.",
  },
  es: {
    level: "<b>87.904</b> consultas del 1 de enero al 21 de noviembre de 2026.",
    atLeast: "Al menos <b>87.904</b> consultas del 1 de enero al 21 de noviembre de 2026: 9 días no tienen datos.",
    none: "0 consultas del 1 de enero al 21 de noviembre de 2026.",
    noBytes: "No se descargó nada del 1 de enero al 21 de noviembre de 2026.",
    snapshot: "<b>688</b> registros a 21 de noviembre de 2026, 72 más que un año antes (12 %).",
    change: "Es un 23 % más que en los mismos días de 2025.",
    peak: "La semana más alta: 9–15 mar, con 3079.",
    trough: "Se retiraron más (22) de los que se añadieron (5): junio.",
    leaders: "En cabeza: A con 80 %; después, B con 4 %.",
    breakdown: "En cabeza: A con 80 % de 100 consultas; después, B con 4 %.",
    map: "Consultas desde 70 países. En cabeza: A con 80 % de 100 consultas; después, B con 4 %.",
    threshold: "La colección superó 500 en junio de 2025.",
    caveat: "La última semana, 23–29 mar, no ha terminado.",
  },
};

describe.each(Object.entries(EXPECTED))("sentences in %s", (language, expected) => {
  it.each(Object.entries(SENTENCES))("%s", async (name, sentence) => {
    expect(plain(sentence(await wordsOf(language)))).toBe(expected[name]);
  });
});

describe("the language of the page", () => {
  it.each([
    ["the first that has a catalogue", ["it", "fr-CA", "de"], "fr-CA"],
    ["one whatever its region", ["es-MX"], "es-MX"],
    ["international English for any English", ["en-US", "de"], "en"],
    ["English where none is known", ["tlh", "", null, "not a language"], "en"],
  ])("is %s", (_, wanted, chosen) => {
    expect(chooseLocale(wanted)).toBe(chosen);
  });
});
