import { createHash } from "node:crypto";
import type { Breakdown } from "@community-stats/contract/breakdowns.ts";

/** Raise it whenever the same facts give other numbers, or rollups are packed otherwise. */
const RULES_REVISION = 2;

/** What can change a number beside the facts. */
export interface Rules {
  readonly breakdowns: readonly Breakdown[];
  /** Version of every list in use (robots, machines), by name. */
  readonly lists: Readonly<Record<string, string>>;
}

/** Rules as they stand beside the numbers that follow from them. */
export interface WrittenRules {
  readonly text: string;
  /** sha256 of the text. */
  readonly version: string;
}

/** The same for equal rules whatever the order of keys. */
export function writtenRules({ breakdowns, lists }: Rules): WrittenRules {
  return written({ revision: RULES_REVISION, breakdowns, lists });
}

/** Of breakdowns that are counted apart, to take their place among numbers of other rules. */
export function writtenPart(rules: Rules, place: { readonly generation: number; readonly ruleVersion: string }) {
  return written({ revision: RULES_REVISION, ...rules, place });
}

function written(content: object): WrittenRules {
  const text = sortedText(content);
  return { text, version: createHash("sha256").update(text).digest("hex") };
}

/** The breakdowns of numbers that differ from these rules in nothing else; null where more is different. */
export function breakdownsBefore(text: string, { lists }: Rules): readonly Breakdown[] | null {
  const before: Partial<Rules & { readonly revision: number }> = JSON.parse(text);
  const isSame = before.revision === RULES_REVISION && sortedText(before.lists) === sortedText(lists);
  return isSame ? (before.breakdowns ?? null) : null;
}

/** JSON text with the keys of every object in order. */
export function sortedText(value: unknown): string {
  return JSON.stringify(sortedKeys(value)) ?? "";
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortedKeys(entry)]),
  );
}
