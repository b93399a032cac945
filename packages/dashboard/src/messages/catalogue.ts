import { catalogue as english } from "./catalogues/en.ts";
import type { Catalogue } from "./words.ts";

const others = import.meta.glob<{ readonly catalogue: Catalogue }>(["./catalogues/*.ts", "!./catalogues/en.ts"]);

/** The catalogue of a language, or English for a language that has none. */
export async function loadCatalogue(locale: string): Promise<Catalogue> {
  const language = locale.split("-")[0] ?? locale;
  const load = others[`./catalogues/${locale}.ts`] ?? others[`./catalogues/${language}.ts`];
  return load === undefined ? english : (await load()).catalogue;
}
