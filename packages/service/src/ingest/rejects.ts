import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { writing as writingTo } from "../engine/writing.ts";
import type { RejectedLine } from "./parse-block.ts";
import { STDIN } from "./source.ts";

/** Where rejected lines go. */
export interface RejectFile {
  add(rejected: readonly RejectedLine[]): Promise<void>;
  /** Puts the files in their places, or removes those of an earlier run where nothing was rejected. The path, or null without rejects. */
  finish(): Promise<string | null>;
  /** Leaves no trace. */
  abandon(): Promise<void>;
}

/** Under which a file is written until it is whole. */
function part(path: string): string {
  return `${path}.${process.pid}.part`;
}

/** For a dry run. */
export const NO_REJECT_FILE: RejectFile = {
  add: async () => undefined,
  finish: async () => null,
  abandon: async () => undefined,
};

interface Writing {
  readonly lines: FileHandle;
  readonly reasons: FileHandle;
}

/**
 * `<name>.rejects.ndjson` with the lines as they were, fit to be fed in again, and beside it `….reasons.tsv` with the number and the reason of
 * each. Both are written under another name first.
 */
export function rejectFile(name: string, folder: string): RejectFile {
  const path = join(folder, `${name}.rejects.ndjson`);
  const reasonsPath = join(folder, `${name}.rejects.reasons.tsv`);
  let writing: Writing | null = null;
  const start = async (): Promise<Writing> => {
    await mkdir(folder, { recursive: true });
    const opened = { lines: await open(part(path), "w"), reasons: await open(part(reasonsPath), "w") };
    await opened.reasons.write("line\treason\n");
    return opened;
  };
  const close = async (): Promise<void> => {
    await writing?.lines.close();
    await writing?.reasons.close();
    writing = null;
  };
  return {
    add: async (rejected) => {
      if (rejected.length === 0) return;
      await writingTo(folder, async () => {
        writing ??= await start();
        await writing.lines.writeFile(linesOf(rejected));
        await writing.reasons.writeFile(rejected.map(reasonRow).join(""));
      });
    },
    finish: async () => {
      if (writing === null) {
        await Promise.all([path, reasonsPath].map((name) => rm(name, { force: true })));
        return null;
      }
      await close();
      await rename(part(path), path);
      await rename(part(reasonsPath), reasonsPath);
      return path;
    },
    abandon: async () => {
      await close();
      await Promise.all([path, reasonsPath].map((name) => rm(part(name), { force: true })));
    },
  };
}

const LONGEST_NAME = 120;

/** Under which the rejects of an input are kept. Inputs of one name in different folders do not meet. */
export function rejectName(file: string, stdinName: string): string {
  if (file === STDIN) return stdinName.replaceAll(/[^\w.-]+/g, "_").slice(0, LONGEST_NAME);
  return `${basename(file)}-${createHash("sha256").update(resolve(file)).digest("hex").slice(0, 8)}`;
}

function linesOf(rejected: readonly RejectedLine[]): Uint8Array {
  const newline = Buffer.from("\n");
  return Buffer.concat(rejected.flatMap(({ raw }) => (raw === null ? [] : [raw, newline])));
}

function reasonRow({ line, reason, raw }: RejectedLine): string {
  return `${line}\t${reason}${raw === null ? " (the line is not kept)" : ""}\n`;
}
