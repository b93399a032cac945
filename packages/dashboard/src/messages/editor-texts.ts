import { props as englishProps, texts as englishTexts } from "./layout-editor/en.ts";
import type { Values } from "./words.ts";

export type EditorKey = keyof typeof englishTexts;
export type EditorTexts = Readonly<Record<EditorKey, string>>;

interface Language {
  readonly texts: EditorTexts;
  readonly props: Readonly<Record<string, string>>;
}

const others = import.meta.glob<Language>(["./layout-editor/*.ts", "!./layout-editor/en.ts"]);

/** The texts of the layout editor in one language. */
export interface EditorWords {
  say(key: EditorKey, values?: Values): string;
  /** @param takes what a prop may be, as the table of props says it. */
  propTakes(takes: string): string;
}

/** In the language of a locale, or in English where there are none. */
export async function loadEditorWords(locale: string): Promise<EditorWords> {
  const [language = ""] = locale.split("-");
  const load = others[`./layout-editor/${language}.ts`];
  const { texts, props } = load === undefined ? { texts: englishTexts, props: englishProps } : await load();
  return {
    say: (key, values = {}) => texts[key].replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name] ?? "")),
    propTakes: (takes) => (props[takes] ?? takes).replaceAll("`", ""),
  };
}
