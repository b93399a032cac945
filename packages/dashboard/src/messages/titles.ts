import type { Label } from "@community-stats/contract/documents.ts";
import type { Words } from "./words.ts";

/**
 * A title of the configuration in the page's language. Titles of the known default layouts and pages are texts of the catalogue
 * (`title.` and the English text), for nobody chose them; any other text is somebody's own and stays.
 */
export function titleText(words: Words, title: Label): string {
  if (typeof title === "string") return words.textOr(`title.${title}`, title);
  const language = words.locale.split("-")[0] ?? words.locale;
  return title[words.locale] ?? title[language] ?? title["en"] ?? Object.values(title)[0] ?? "";
}

/** The title that a layout gives a widget; null where it gives none. */
export function ownTitle(words: Words, title: unknown): string | null {
  if (typeof title === "string") return title === "" ? null : titleText(words, title);
  if (typeof title !== "object" || title === null) return null;
  const texts = Object.entries(title).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === 0 ? null : titleText(words, Object.fromEntries(texts));
}
