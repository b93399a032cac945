import Database from "better-sqlite3";
import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 40;

/**
 * A lock between processes that dies with its holder: an exclusive transaction on a tiny SQLite file. Waiting does not block the thread.
 * Within one process callers queue up.
 */
export class ProcessMutex {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(
      () => this.#locked(work),
      () => this.#locked(work),
    );
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = new Database(this.#path, { timeout: 0 });
    try {
      while (!tryBegin(lock)) await sleep(PAUSE_MS);
      return await work();
    } finally {
      lock.close();
    }
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
