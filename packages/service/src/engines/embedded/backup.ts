import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { makeFolder } from "../../engine/folders.ts";

export interface BackupReport {
  readonly files: number;
  readonly bytes: number;
  /** Times that the copy was begun anew, because days were packed while it went on. */
  readonly again: number;
}

const ATTEMPTS = 5;

/** Where a folder for a copy holds something already. */
export class BackupTargetError extends Error {}

/** What is copied, and until when: an aborted copy leaves an empty folder. */
export interface BackupOptions {
  readonly withRollups: boolean;
  readonly signal: AbortSignal;
}

/**
 * Copies the facts (and, wanted, what was counted) while others go on writing: the list of files as it stands at one instant, then the files on it.
 * A file never changes; one that is packed into another meanwhile is gone, and then the copy is begun anew.
 */
export async function backUpEmbedded(
  dataDir: string,
  target: string,
  { withRollups, signal }: BackupOptions,
): Promise<BackupReport> {
  makeFolder(target);
  if ((await readdir(target)).length > 0) throw new BackupTargetError(target);
  for (let again = 0; ; again++) {
    try {
      const copied = await copyFacts(dataDir, target, signal);
      if (withRollups) await copyDatabase(join(dataDir, "rollups.sqlite"), join(target, "rollups.sqlite"), signal);
      return { ...copied, again };
    } catch (error) {
      await empty(target);
      if (again === ATTEMPTS - 1 || !(error instanceof Error && "code" in error && error.code === "ENOENT"))
        throw error;
    }
  }
}

/** The folder itself stays: its rights are the operator's, and it may be a disk of its own. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function copyFacts(
  dataDir: string,
  target: string,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const control = join(target, "control.sqlite");
  await copyDatabase(join(dataDir, "control.sqlite"), control, signal);
  const listed = listedFiles(control);
  let bytes = 0;
  for (const file of listed) {
    signal.throwIfAborted();
    const place = join(target, file.path);
    await mkdir(dirname(place), { recursive: true });
    await copyFile(join(dataDir, file.path), place, constants.COPYFILE_FICLONE);
    bytes += file.bytes;
  }
  return { files: listed.length, bytes };
}

async function copyDatabase(from: string, to: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!existsSync(from)) return;
  const database = new Database(from, { readonly: true, timeout: 30_000 });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
}

function listedFiles(control: string): readonly { readonly path: string; readonly bytes: number }[] {
  const database = new Database(control);
  try {
    // A lease that was held is not that of the copy.
    database.prepare("DELETE FROM lease").run();
    return database.prepare("SELECT path, bytes FROM manifest ORDER BY path").all() as {
      path: string;
      bytes: number;
    }[];
  } finally {
    database.close();
  }
}
