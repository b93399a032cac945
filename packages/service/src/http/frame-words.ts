import { readdir } from "node:fs/promises";
import type { FastifyRequest } from "fastify";

/** The dashboard's catalogues hold the texts of the frame as well: a language is one file. */
const CATALOGUES = new URL("../../../dashboard/src/messages/catalogues/", import.meta.url);

type Texts = Readonly<Record<string, string>>;

/** The texts that the server itself writes around a dashboard, in one language. */
export interface FrameWords {
  readonly language: string;
  /** @param values stand in the text as `{{name}}`. */
  text(key: string, values?: Texts): string;
}

/** The language of whoever asks: of the address (`?lang=de`), else of the browser, else English. */
export type FrameLanguages = (request: Pick<FastifyRequest, "url" | "headers">) => FrameWords;

export async function loadFrameLanguages(): Promise<FrameLanguages> {
  const files = (await readdir(CATALOGUES)).filter((name) => name.endsWith(".ts"));
  const loaded = await Promise.all(
    files.map(async (name): Promise<[string, FrameWords]> => {
      const { catalogue }: { readonly catalogue: Texts } = await import(new URL(name, CATALOGUES).href);
      const language = name.replace(/\.ts$/, "");
      return [language, wordsOf(language, catalogue)];
    }),
  );
  const languages = new Map(loaded);
  const english = languages.get("en") ?? wordsOf("en", {});
  return (request) =>
    wantedLanguages(request)
      .map((language) => languages.get(language))
      .find((words) => words !== undefined) ?? english;
}

function wordsOf(language: string, catalogue: Texts): FrameWords {
  return {
    language,
    text: (key, values = {}) => (catalogue[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? ""),
  };
}

/** Languages without their regions, the most wanted first. */
function wantedLanguages({ url, headers }: Pick<FastifyRequest, "url" | "headers">): readonly string[] {
  const [, search = ""] = url.split("?");
  const named = new URLSearchParams(search).get("lang");
  const accepted = (headers["accept-language"] ?? "")
    .split(",")
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .map(([tag = "", weight = "1"]) => ({ tag, weight: Number(weight) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return [...(named === null ? [] : [named]), ...accepted.map(({ tag }) => tag)].map((tag) =>
    (tag.split("-")[0] ?? "").toLowerCase(),
  );
}
