import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { InputError } from "./errors.ts";
import { type GunzipOutcome, gunzipChunks } from "./gunzip.ts";

/** An input as a stream of its unpacked bytes. */
export interface Source {
  readonly name: string;
  /** Size as it lies on disk; 0 where nobody knows (standard input). */
  readonly bytesTotal: number;
  /** Bytes taken from disk so far. */
  bytesRead(): number;
  /** Null as long as nothing is wrong; set by the end of the stream at the latest. */
  damage(): string | null;
  /** The first few kilobytes. */
  readonly head: Uint8Array;
  /** All bytes, the head included; can be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The name that stands for standard input. */
export const STDIN = "-";
/** Small enough that a chunk of the densest gzip data unpacks to some dozens of megabytes. */
const INPUT_BYTES = 64 << 10;

/** @throws InputError when there is no such file, it cannot be read, is empty or is no text. */
export async function openSource(file: string, stdin: AsyncIterable<Uint8Array | string>): Promise<Source> {
  const bytesTotal = file === STDIN ? 0 : await sizeOf(file);
  let bytesRead = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file === STDIN ? stdin : readFile(file)) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      bytesRead += bytes.length;
      yield bytes;
    }
  }
  const outcome: GunzipOutcome = { damage: null };
  const { head, all } = await peek(counted());
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  if (head.length === 0) throw empty(file);
  const unpacked = packed ? await peek(gunzipChunks(all, outcome)) : { head, all };
  if (unpacked.head.length === 0 && outcome.damage === null) throw empty(file);
  refuseBinary(file, unpacked.head);
  return {
    name: file === STDIN ? "standard input" : file,
    bytesTotal,
    bytesRead: () => bytesRead,
    damage: () => outcome.damage,
    head: unpacked.head,
    chunks: unpacked.all,
  };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (found.isDirectory()) {
    throw new InputError("INPUT_UNREADABLE", `${file} is a folder.`, {
      hint: "Name the files in it, for example with *.ndjson.gz.",
    });
  }
  if (found.isFile() && found.size === 0) throw empty(file);
  return found.size;
}

async function* readFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: INPUT_BYTES })) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
  EPERM: "may not be read by this user",
  EISDIR: "is a folder",
};

function unreadable(file: string, cause: unknown): InputError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const meaning = MEANINGS[code] ?? `cannot be read (${cause instanceof Error ? cause.message : String(cause)})`;
  return new InputError("INPUT_UNREADABLE", `${file} ${meaning}.`, {
    hint: "Check the name and the rights of the file.",
    cause,
  });
}

function empty(file: string): InputError {
  return new InputError("INPUT_EMPTY", `${file === STDIN ? "Standard input" : file} is empty.`, {
    hint: "Nothing was changed. If it should hold data, make it again.",
  });
}

interface Peeked {
  readonly head: Uint8Array;
  readonly all: AsyncIterable<Uint8Array>;
}

/** Enough of the start to tell what it is, and a stream that still has it. */
async function peek(chunks: AsyncGenerator<Uint8Array>): Promise<Peeked> {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 4096) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  return { head: Buffer.concat(first), all: all() };
}

const SIGNATURES: readonly (readonly [start: string, meaning: string, hint: string])[] = [
  ["50415231", "a Parquet file", "Write its rows as NDJSON, one JSON object per line."],
  ["504b0304", "a ZIP archive or an Office document", "Unpack it, or export the sheet as NDJSON."],
  ["28b52ffd", "packed with zstd", "Unpack it with: zstd -d"],
  ["425a68", "packed with bzip2", "Unpack it with: bunzip2"],
  ["fd377a585a00", "packed with xz", "Unpack it with: unxz"],
  ["53514c69746520666f726d6174", "an SQLite database", "Export its rows as NDJSON."],
  ["25504446", "a PDF document", "Give NDJSON, one JSON object per line."],
  ["fffe", "text in UTF-16", "Convert it with: iconv -f UTF-16 -t UTF-8"],
  ["feff", "text in UTF-16", "Convert it with: iconv -f UTF-16 -t UTF-8"],
  ["1f8b", "packed twice with gzip", "Unpack it once with: gunzip"],
];

function refuseBinary(file: string, head: Uint8Array): void {
  const start = Buffer.from(head.subarray(0, 16)).toString("hex");
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  const name = file === STDIN ? "Standard input" : file;
  if (known !== undefined)
    throw new InputError("INPUT_BINARY", `${name} is ${known[1]}, not NDJSON.`, { hint: known[2] });
  if (head.subarray(0, 512).filter((byte) => byte === 0).length > 16) {
    throw new InputError("INPUT_BINARY", `${name} is binary, not NDJSON.`, {
      hint: "Give NDJSON, one JSON object per line, plain or packed with gzip.",
    });
  }
}
