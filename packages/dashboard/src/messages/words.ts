import type { Side, Unit } from "@community-stats/contract/metrics.ts";
import { metricNamed } from "@community-stats/contract/metrics.ts";
import type { Granularity, Period } from "@community-stats/contract/series.ts";
import { createInstance, type i18n } from "i18next";
import type { catalogue as english } from "./catalogues/en.ts";
import { dateFormats, type DateFormats } from "./dates.ts";
import { numberFormats, type NumberFormats } from "./numbers.ts";

type PluralForm = "zero" | "one" | "two" | "few" | "many" | "other";
type Stem<Key extends string> = Key extends `${infer Base}_${PluralForm}` ? Base : Key;
type CatalogueKey = keyof typeof english & string;
/** Name of a message, without its plural form. */
export type MessageKey = Stem<CatalogueKey>;
/** All messages of one language. Other languages may need further plural forms. */
export type Catalogue = Readonly<Record<CatalogueKey, string>> & Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string | number>>;

/** A metric of one side, and what its numbers are made of. */
export interface MetricRef {
  readonly side: Side;
  readonly name: string;
}

/** Everything that turns numbers, days and keys into text of one language. */
export interface Words {
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  readonly numbers: NumberFormats;
  readonly dates: DateFormats;
  text(key: MessageKey, values?: Values): string;
  /** The text of a key built from parts, or the fallback where the catalogue has none. */
  textOr(key: string, fallback: string, values?: Values): string;
  /** A number in the unit of its metric: 87,904 or 1.6 TB. */
  amount(metric: MetricRef, value: number): string;
  /** The noun that follows the number. */
  noun(metric: MetricRef, value: number): string;
  metricTitle(metric: MetricRef): string;
  period(period: Pick<Period, "from" | "to">, granularity: Granularity, year: boolean): string;
  /** "from 1 January to 21 November 2026", or "on 21 November 2026". */
  span(from: string, to: string): string;
  compare(a: string, b: string): number;
  /** A title within a sentence: German nouns keep their capitals. */
  within(title: string): string;
}

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"]);

export function createWords(locale: string, catalogue: Catalogue, binarySizes: boolean): Words {
  const language = locale.split("-")[0] ?? locale;
  const translator = translatorOf(language, catalogue);
  const numbers = numberFormats(locale, binarySizes);
  const dates = dateFormats(locale);
  // Most pages compare nothing, and making a collator takes long.
  let collator: Intl.Collator | null = null;
  const textOr = (key: string, fallback: string, values: Values = {}): string =>
    translator.t(key, { ...values, defaultValue: "" }) || fallback;
  const text = (key: MessageKey, values: Values = {}): string => textOr(key, key, values);
  const words: Words = {
    locale,
    direction: RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr",
    numbers,
    dates,
    text,
    textOr,
    amount: (metric, value) => (unitOf(metric) === "bytes" ? numbers.bytes(value) : numbers.full(value)),
    noun: (metric, value) =>
      textOr(`noun.${metric.side}.${metric.name}`, metric.name, {
        count: unitOf(metric) === "bytes" ? 2 : Math.abs(value),
      }),
    metricTitle: (metric) => textOr(`metric.${metric.side}.${metric.name}`, metric.name),
    period: (period, granularity, year) =>
      granularity === "quarter" ? quarterName(words, period.from, year) : dates.period(period, granularity, year),
    span: (from, to) => spanOf(words, from, to),
    compare: (a, b) => (collator ??= new Intl.Collator(locale, { numeric: true })).compare(a, b),
    within: (title) => (language === "de" ? title : title.toLocaleLowerCase(locale)),
  };
  return words;
}

export function unitOf(metric: MetricRef): Unit | "unknown" {
  return metricNamed(metric.side, metric.name)?.unit ?? "unknown";
}

function translatorOf(language: string, catalogue: Catalogue): i18n {
  const translator = createInstance();
  void translator.init({
    lng: language,
    resources: { [language]: { translation: withAllForms(language, catalogue) } },
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  return translator;
}

/** French and Spanish have a form of their own for millions; a catalogue need not tell it apart. */
function withAllForms(language: string, catalogue: Catalogue): Record<string, string> {
  const all: Record<string, string> = { ...catalogue };
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const special = pluralCategories.filter((form) => form !== "one" && form !== "other");
  for (const [key, text] of special.length === 0 ? [] : Object.entries(catalogue)) {
    if (!key.endsWith("_other")) continue;
    for (const form of special) all[key.replace(/other$/, form)] ??= text;
  }
  return all;
}

function quarterName(words: Words, from: string, year: boolean): string {
  const q = Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1;
  return year ? words.text("quarterOf", { q, year: from.slice(0, 4) }) : words.text("quarter", { q });
}

function spanOf(words: Words, from: string, to: string): string {
  if (from === to) return words.text("span.day", { day: words.dates.longDay(to, true) });
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  return words.text("span.range", {
    from: words.dates.longDay(from, !sameYear),
    to: words.dates.longDay(to, true),
  });
}

const STRONG_RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Keeps a text of the other direction from turning its sentence around. */
export function isolate(text: string): string {
  return STRONG_RTL.test(text) ? `\u2068${text}\u2069` : text;
}
