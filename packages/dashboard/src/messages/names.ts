import type { Label } from "@community-stats/contract/documents.ts";
import { FILE_PRESENCE, type ColumnsAnswer, type ColumnSeries } from "@community-stats/contract/series.ts";
import type { Words } from "./words.ts";

/** Licences that people know by their short names. */
const LICENCE_FAMILIES: Readonly<Record<string, string>> = {
  apache: "Apache",
  gpl: "GPL",
  lgpl: "LGPL",
  agpl: "AGPL",
  bsd: "BSD",
  mpl: "MPL",
  epl: "EPL",
};
const LICENCES_IN_CAPITALS = /^(cc-|cc0-|mit$|isc$|arr$)/;

/** Text of a label in the page's own language, where it has one. */
function ownLabel(words: Words, label: Label): string | null {
  if (typeof label === "string") return null;
  return label[words.locale] ?? label[words.locale.split("-")[0] ?? words.locale] ?? null;
}

/** Text of a label in the page's language, else in English, else in the first language it has, else the id. */
function labelText(words: Words, label: Label, id: string): string {
  if (typeof label === "string") return label === "" ? id : label;
  return ownLabel(words, label) ?? label["en"] ?? Object.values(label)[0] ?? id;
}

/** What a value is called where there is room for a word or two. */
export function valueName(
  words: Words,
  breakdown: string,
  value: { readonly id: string; readonly label: Label },
): string {
  const { id, label } = value;
  switch (breakdown) {
    case "countries":
      return countryName(words.locale, id);
    case "access_statuses":
      return words.textOr(`accessStatus.${id}`, labelText(words, label, id));
    case FILE_PRESENCE:
      return words.textOr(`filePresence.${id}`, labelText(words, label, id));
    case "file_types":
      return labelText(words, label, id).toUpperCase();
    case "rights":
      return licenceName(id) ?? labelText(words, label, id);
    case "languages": {
      const own = ownLabel(words, label);
      // Some sources give the code for a name.
      return own !== null && own !== id ? own : (languageName(words.locale, id) ?? labelText(words, label, id));
    }
    default:
      return labelText(words, label, id);
  }
}

/** The same where there is room for all of it. */
function fullName(words: Words, breakdown: string, value: { readonly id: string; readonly label: Label }): string {
  const full = labelText(words, value.label, value.id);
  return breakdown === "rights" && full !== value.id ? full : valueName(words, breakdown, value);
}

/** Name of a series of an answer, whatever its kind. */
export function seriesName(words: Words, breakdown: string | null, series: ColumnSeries): string {
  switch (series.kind) {
    case "total":
      return words.text("all");
    case "other":
      return otherName(words, breakdown, series.values);
    case "notStated":
      return words.textOr(`notStated.${breakdown ?? "any"}`, words.text("notStated.any"));
    case "value":
      return valueName(words, breakdown ?? "", series);
  }
}

export function fullSeriesName(words: Words, breakdown: string | null, series: ColumnSeries): string {
  return series.kind === "value" ? fullName(words, breakdown ?? "", series) : seriesName(words, breakdown, series);
}

export interface Naming {
  readonly words: Words;
  readonly breakdown: string | null;
  readonly answer: Pick<ColumnsAnswer, "series">;
}

/**
 * What the series of one answer are called. Where two have one name, as "Other" among publications and among images, each has its id beside it.
 * @param nameOf how one of them alone is called.
 */
export function seriesNamer(
  { words, breakdown, answer }: Naming,
  nameOf: typeof seriesName = seriesName,
): (one: ColumnSeries) => string {
  const values = answer.series.filter(({ kind }) => kind === "value");
  const byName = Map.groupBy(values, (value) => nameOf(words, breakdown, value));
  return (one) => {
    const name = nameOf(words, breakdown, one);
    return one.kind === "value" && (byName.get(name)?.length ?? 0) > 1 ? `${name} (${one.id})` : name;
  };
}

export function otherName(words: Words, breakdown: string | null, values: number | undefined): string {
  if (values === undefined || values === 0) return words.text("allOthers");
  const counted = { n: words.numbers.full(values), count: values };
  return words.textOr(`other.${breakdown ?? "any"}`, words.text("other.any", counted), counted);
}

export function breakdownTitle(words: Words, breakdown: string): string {
  return words.textOr(`breakdown.${breakdown}`, capitalized(breakdown.replaceAll("_", " ")));
}

export function breakdownPlural(words: Words, breakdown: string): string {
  return words.textOr(`plural.${breakdown}`, capitalized(breakdown.replaceAll("_", " ")));
}

/** As it follows "by". */
export function breakdownNoun(words: Words, breakdown: string): string {
  return words.textOr(`by.${breakdown}`, breakdown.replaceAll("_", " "));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function countryName(locale: string, code: string): string {
  return displayName(locale, "region", code.toUpperCase());
}

/** Null: of a code that names no language. */
function languageName(locale: string, code: string): string | null {
  const name = displayName(locale, "language", code);
  return name === code ? null : name;
}

/** Intl throws on codes that are no codes; such a code is its own name. */
function displayName(locale: string, type: "region" | "language", code: string): string {
  try {
    return displayNames(locale, type).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A map asks for hundreds of names, and making the list takes longer than reading from it. */
const LISTS = new Map<string, Intl.DisplayNames>();

function displayNames(locale: string, type: "region" | "language"): Intl.DisplayNames {
  const key = `${locale} ${type}`;
  const list = LISTS.get(key) ?? new Intl.DisplayNames(locale, { type });
  LISTS.set(key, list);
  return list;
}

function licenceName(id: string): string | null {
  if (LICENCES_IN_CAPITALS.test(id)) return id.toUpperCase();
  const [family, version, variant] = id.split("-");
  const name = LICENCE_FAMILIES[family ?? ""];
  if (name === undefined || version === undefined) return null;
  return [name, version, ...(variant === "clause" ? ["Clause"] : [])].join("-");
}
