import { z } from "zod";

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  "1": true,
  false: false,
  no: false,
  off: false,
  "0": false,
};

/** A switch as people write it ("yes", 0); what is no such word stays as it is. */
export function readSwitch(value: unknown): unknown {
  if (typeof value !== "string" && typeof value !== "number") return value;
  const word = String(value).trim().toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word] : value;
}

/** Whether a variable takes true or false, perhaps beside nothing. */
export function isSwitch({ schema }: { readonly schema: z.ZodType }): boolean {
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  return inner instanceof z.ZodBoolean;
}
