import Database from "better-sqlite3";
import { setTimeout as sleep } from "node:timers/promises";

/** Of the one who is next in line, and of all others. */
const NEXT_PAUSE_MS = 3;
const PAUSE_MS = 25;

/**
 * A lock between processes that dies with its holder: an exclusive transaction on a tiny SQLite file. Waiting does not block the thread.
 * Within one process callers queue up. Whoever wants the lock first takes the place in front of it: so a process that takes it again and
 * again lets the one that waits go first.
 */
export class ProcessMutex {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** @param signal ends the waiting, with its reason as the error. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(
      () => this.#locked(work, signal),
      () => this.#locked(work, signal),
    );
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #locked<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const lock = await this.#takeTurn(signal);
    try {
      return await work();
    } finally {
      lock.close();
    }
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<Database.Database> {
    const front = await taken(`${this.#path}.next`, PAUSE_MS, signal);
    try {
      return await taken(this.#path, NEXT_PAUSE_MS, signal);
    } finally {
      front.close();
    }
  }
}

/** The file, exclusively. Closing it gives it back. */
async function taken(path: string, pauseMs: number, signal: AbortSignal | undefined): Promise<Database.Database> {
  const lock = new Database(path, { timeout: 0 });
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (tryBegin(lock)) break;
      await sleep(pauseMs);
    }
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function tryBegin(lock: Database.Database): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return false;
    throw error;
  }
}
