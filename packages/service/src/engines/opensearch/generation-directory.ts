import { z } from "zod";
import type { Json } from "./requests.ts";

/** Id of the document that tells which generations there are, and which one is live. */
export const GENERATIONS = "generations";

/**
 * How numbers stand in their index. Those of another layout cannot be read: they are as if they were not there, and are counted anew from
 * the facts.
 */
export const LAYOUT = 3;

const generationSchema = z.object({
  id: z.number(),
  ruleVersion: z.string(),
  live: z.boolean(),
  rules: z.string(),
  layout: z.number().default(1),
  /** Under which name a breakdown stands that was exchanged; the others stand under their own. */
  columns: z.record(z.string(), z.string()).optional(),
});
const restatementSchema = z.object({ at: z.number(), fromRule: z.string(), toRule: z.string(), detail: z.string() });
const directorySchema = z.object({
  generations: z.array(generationSchema),
  restatements: z.array(restatementSchema),
});
export type Directory = z.infer<typeof directorySchema>;

const NO_GENERATION: Directory = { generations: [], restatements: [] };

export function directoryOf(source: Json | null): Directory {
  return source === null ? NO_GENERATION : directorySchema.parse(source["line"]);
}
