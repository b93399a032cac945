import { createHash } from "node:crypto";
import type { Encoding } from "./answering.ts";

const HASH_LENGTH = 22;

/** 132 bits of the content before it is encoded. */
export function contentHash(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url").slice(0, HASH_LENGTH);
}

/** Strong validators differ with the bytes that are sent, so also with the encoding. */
export function etagOf(hash: string, encoding: Encoding): string {
  return encoding === "identity" ? `"${hash}"` : `"${hash}-${encoding}"`;
}
