import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import { StatsError } from "@community-stats/contract/problems.ts";

/** Stored events of a day cannot be read: a file is damaged, missing or shorter than its manifest entry. */
export class FactsUnreadableError extends StatsError {
  readonly code = "FACTS_UNREADABLE";
  readonly status = 500;
  readonly hint: string;
  readonly day: DayNumber;
  readonly path: string;
  constructor(day: DayNumber, path: string, cause: unknown) {
    super(`The events of ${dayFromNumber(day)} cannot be read: ${path}: ${messageOf(cause)}`, { cause });
    this.day = day;
    this.path = path;
    this.hint = `Put ${path} back from a backup, then run: community-stats aggregate --start-date ${dayFromNumber(day)}`;
  }
}

/** There is no room for what was to be written. What was stored before is untouched; the batch is not stored. */
export class DiskFullError extends StatsError {
  readonly code = "DISK_FULL";
  readonly status = 507;
  readonly hint: string;
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`No space left for writing to ${path}; nothing of this step was stored.`, { cause });
    this.path = path;
    this.hint = `Free space on the file system of ${path} or raise its quota, then repeat the command: it goes on where it stopped.`;
  }
}

/** The data directory cannot be created, read or written. */
export class DataDirError extends StatsError {
  readonly code = "DATA_DIR";
  readonly status = 500;
  readonly hint = "Set COMMUNITY_STATS_DATA_DIR to a directory that this user may create and write.";
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`The data directory ${path} cannot be used: ${messageOf(cause)}`, { cause });
    this.path = path;
  }
}

/** A store was written by a newer release than this one. */
export class NewerDataError extends StatsError {
  readonly code = "DATA_TOO_NEW";
  readonly status = 500;
  readonly hint = "Run the newest release of community-stats, or set COMMUNITY_STATS_DATA_DIR to another directory.";
  readonly path: string;
  constructor(path: string, found: number, supported: number) {
    super(`${path} has schema version ${found}; this release reads up to version ${supported}.`);
    this.path = path;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
