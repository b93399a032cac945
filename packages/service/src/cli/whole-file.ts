import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StatsError } from "@community-stats/contract/problems.ts";

/** The file cannot be written. */
class OutputError extends StatsError {
  readonly code = "OUTPUT";
  readonly status = 500;
  readonly hint = "Choose a folder that exists and can be written to, with room for the file.";
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`The file ${path} cannot be written (${cause.code ?? cause.message}).`, { cause });
  }
}

type Content = Buffer | Readable;

/** Writes beside the file and renames: it is there whole, or as it was before. @throws OutputError */
export async function writeFileWhole(path: string, content: Content, signal: AbortSignal): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  try {
    const file = await open(beside, "wx", 0o644);
    await pipeline(readable(content), file.createWriteStream({ flush: true }), { signal });
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    if (signal.aborted || !isFileError(error)) throw error;
    throw new OutputError(path, error);
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync();
  await folder.close();
}

/** Writes and leaves the stream open. */
export async function writeToStream(out: NodeJS.WritableStream, content: Content): Promise<void> {
  for await (const chunk of readable(content)) {
    if (!out.write(chunk as Uint8Array)) await new Promise((resolve) => out.once("drain", resolve));
  }
}

function readable(content: Content): Readable {
  return Buffer.isBuffer(content) ? Readable.from([content]) : content;
}
