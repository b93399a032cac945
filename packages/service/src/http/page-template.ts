import { readFile } from "node:fs/promises";
import { StatsError } from "@community-stats/contract/problems.ts";

/** Places in a template, written as comments: `<!-- stats:dashboard -->`. */
const SLOTS = ["head", "header", "dashboard", "footer"] as const;
export type Slot = (typeof SLOTS)[number];

/** A template cut at its places. */
export type Template = readonly (string | { readonly slot: Slot })[];

/** A template cannot be used. */
export class TemplateError extends StatsError {
  readonly code = "TEMPLATE";
  readonly status = 500;
  readonly hint: string;
  constructor(file: string, { problem, hint, cause }: { problem: string; hint: string; cause?: unknown }) {
    super(`The template ${file} of STATS_DASHBOARD_TEMPLATES ${problem}.`, cause === undefined ? {} : { cause });
    this.hint = hint;
  }
}

const PLACE = /<!--\s*stats:([\w-]+)\s*-->/g;
const NEEDED: readonly Slot[] = ["head", "dashboard"];

/** @throws TemplateError for a file that cannot be read, an unknown place, and one that is missing or stands twice. */
async function readTemplate(file: string | null): Promise<Template | null> {
  if (file === null) return null;
  return parseTemplate(file, await textOf(file));
}

/** Those of both kinds of pages. */
export async function readTemplates(files: {
  readonly global: string | null;
  readonly community: string | null;
}): Promise<{ readonly global: Template | null; readonly community: Template | null }> {
  return { global: await readTemplate(files.global), community: await readTemplate(files.community) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new TemplateError(file, {
      problem: `cannot be read (${code})`,
      hint: "Correct its path, or leave it out.",
      cause: error,
    });
  }
}

export function parseTemplate(file: string, text: string): Template {
  const parts: (string | { readonly slot: Slot })[] = [];
  let done = 0;
  for (const match of text.matchAll(PLACE)) {
    const slot = SLOTS.find((name) => name === match[1]);
    if (slot === undefined) {
      const hint = `The places are ${SLOTS.join(", ")}.`;
      throw new TemplateError(file, { problem: `has a place "${match[1]}"`, hint });
    }
    parts.push(text.slice(done, match.index), { slot });
    done = match.index + match[0].length;
  }
  parts.push(text.slice(done));
  for (const slot of SLOTS)
    checkCount(file, slot, parts.filter((part) => typeof part === "object" && part.slot === slot).length);
  return parts;
}

function checkCount(file: string, slot: Slot, count: number): void {
  const place = `<!-- stats:${slot} -->`;
  if (count === 0 && NEEDED.includes(slot)) {
    throw new TemplateError(file, { problem: `has no place ${place}`, hint: "Write it where that part belongs." });
  }
  if (count > 1)
    throw new TemplateError(file, { problem: `has the place ${place} ${count} times`, hint: "Leave one of them." });
}

export function fillTemplate(template: Template, parts: Readonly<Record<Slot, string>>): string {
  return template.map((part) => (typeof part === "string" ? part : parts[part.slot])).join("");
}
