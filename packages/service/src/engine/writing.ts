import { DiskFullError } from "./errors.ts";

/** The last is what SQLite says when it cannot make room for its shared memory. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"]);

/** Runs a write and tells a full disk from everything else. */
export async function writing<T>(path: string, write: () => T | Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isFull(error) ? new DiskFullError(path, error) : error;
  }
}

function isFull(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof DiskFullError) return false;
  const code = "code" in error ? String(error.code) : "";
  return FULL.has(code) || /no space left|file too large|disk is full/i.test(error.message);
}
