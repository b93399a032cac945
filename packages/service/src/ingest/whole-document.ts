import { InputError } from "./errors.ts";
import { isObject, parseJson, writeJson } from "./document.ts";
import { type LineBlock, textOf } from "./line-blocks.ts";

/** What fits in memory as one JSON text. */
const LARGEST = 256 << 20;
const BLOCK_CHARACTERS = 4 << 20;

/** The documents in a parsed value: itself, the entries of a list, or the hits of search answers (of the REST API or of the search engine). */
export function* documentsIn(value: unknown): Generator<unknown> {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const entry of entries) yield* hitsOf(entry) ?? [entry];
}

function hitsOf(value: unknown): readonly unknown[] | null {
  if (!isObject(value) || !isObject(value["hits"])) return null;
  const { hits } = value["hits"];
  return Array.isArray(hits) ? hits : null;
}

/** True for a list, which is one JSON text whatever its lines look like. */
export function startsList(head: Uint8Array): boolean {
  return /^(?:\uFEFF)?\s*\[/.test(textOf(head.subarray(0, 1024)));
}

/** Reads an input to its end as one JSON text. @throws InputError where it is too large. */
export async function readWhole(name: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > LARGEST) {
      throw new InputError("INPUT_TOO_LARGE", `${name} is one JSON text of more than 256 MB.`, {
        hint: "Turn it into one document per line: jq -c '.[]' (or '.hits.hits[]' for a search answer).",
      });
    }
  }
  return Buffer.concat(parts);
}

/** The documents of one JSON text, one per line, or null where it is none. Lines are then numbers of documents. */
export function blocksOfWhole(bytes: Uint8Array): readonly LineBlock[] | null {
  const value = parseJson(textOf(bytes).replace(/^\uFEFF/, ""));
  if (value === undefined) return null;
  const blocks: LineBlock[] = [];
  let lines: string[] = [];
  let length = 0;
  const flush = (): void => {
    blocks.push({ bytes: encode(lines), open: false, tooLong: 0 });
    [lines, length] = [[], 0];
  };
  for (const document of documentsIn(value)) {
    const line = writeJson(document) ?? "null";
    lines.push(line);
    length += line.length;
    if (length >= BLOCK_CHARACTERS) flush();
  }
  if (lines.length > 0) flush();
  return blocks;
}

/** Encoded into memory of its own: a pooled buffer could not be handed to another thread. */
function encode(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}
