import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { z } from "zod";
import { parseJson } from "./json-text.ts";

const rulesSchema = z.object({ breakdowns: z.array(z.custom<Breakdown>(isBreakdown)) });

/** The breakdowns that a generation was counted with, from the text of its rules; null where that does not hold them. */
export function countedBreakdowns(rules: string): readonly Breakdown[] | null {
  const parsed = rulesSchema.safeParse(parseJson(rules));
  return parsed.success ? parsed.data.breakdowns : null;
}

function isBreakdown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && "records" in value && "usage" in value;
}
