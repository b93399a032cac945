import { StatsError } from "@community-stats/contract/problems.ts";
import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";

/** The data folder cannot be used. */
export class DataFolderError extends StatsError {
  readonly code = "DATA_FOLDER";
  readonly status = 500;
  readonly hint = "Choose a folder that this user may write, in COMMUNITY_STATS_DATA_DIR.";
  constructor(path: string, cause: unknown) {
    super(`The data folder ${path} cannot be used: ${messageOf(cause)}`, { cause });
  }
}

/** Nothing more can be written. What was acknowledged is safe; what was being written is not there. */
export class DiskFullError extends StatsError {
  readonly code = "DISK_FULL";
  readonly status = 507;
  readonly hint = "Make room, then run the same command again: it goes on where it was.";
  constructor(path: string, cause: unknown) {
    super(`There is no room left on the disk of ${path}.`, { cause });
  }
}

/** Files of a newer program. */
export class NewerSchemaError extends StatsError {
  readonly code = "NEWER_SCHEMA";
  readonly status = 500;
  readonly hint = "Use the community-stats that wrote it, or a newer one.";
  constructor(path: string, found: number, known: number) {
    super(`${path} was written by a newer community-stats (schema ${found}; this one knows ${known}).`);
  }
}

/** Listed facts that cannot be read. */
export class FactsUnreadableError extends StatsError {
  readonly code = "FACTS_UNREADABLE";
  readonly status = 500;
  readonly hint = "Put the file back from a backup, or move it away and ingest the sources of that day again.";
  constructor(day: DayNumber, detail: string, cause?: unknown) {
    super(`The events of ${dayFromNumber(day)} cannot be read: ${detail}`, { cause });
  }
}

/** Runs a write and tells a full disk from everything else. */
export async function writing<T>(path: string, write: () => T | Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isFull(error) ? new DiskFullError(path, error) : error;
  }
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL"].includes(code) || /no space left|file too large|disk is full/i.test(messageOf(error));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
