import { catalogue as english } from "./catalogues/en.ts";
import type { Catalogue } from "./words.ts";

const others = import.meta.glob<{ readonly catalogue: Catalogue }>(["./catalogues/*.ts", "!./catalogues/en.ts"]);

/** Languages that have a catalogue, by their codes. A new file in the folder is a new language. */
export const LANGUAGES: readonly string[] = [
  "en",
  ...Object.keys(others).map((path) => path.replace(/^.*\/(.+)\.ts$/, "$1")),
].toSorted();

/**
 * The first wanted locale that has a catalogue. Its region is kept, for it decides about numbers and dates ("de-CH");
 * English is always the international one, whose dates cannot be misread.
 */
export function chooseLocale(wanted: readonly (string | null | undefined)[]): string {
  for (const locale of wanted) {
    const language = languageOf(locale ?? "");
    if (!LANGUAGES.includes(language)) continue;
    return language === "en" ? language : (Intl.getCanonicalLocales(locale ?? language)[0] ?? language);
  }
  return "en";
}

function languageOf(locale: string): string {
  try {
    return new Intl.Locale(locale).language;
  } catch {
    return "";
  }
}

/** The catalogue of a language, or English for a language that has none. */
export async function loadCatalogue(locale: string): Promise<Catalogue> {
  const load = others[`./catalogues/${languageOf(locale)}.ts`];
  return load === undefined ? english : (await load()).catalogue;
}
