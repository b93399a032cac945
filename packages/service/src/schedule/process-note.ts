import { rmSync } from "node:fs";
import { type ProcessStatus, readStatus, writeStatus } from "./process-files.ts";

export interface NotedProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

const NOTE_MS = 1000;
const HEARTBEAT_MS = 10_000;
const STATES: Readonly<Record<number, ProcessStatus["status"]>> = {
  0: "completed",
  2: "refused",
  3: "partial",
  4: "refused",
};

/** The status file of a background process, as that process itself keeps it. */
export class ProcessNote {
  readonly #file: string;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #status: ProcessStatus | null;
  #begun: { readonly step: string; readonly at: number; readonly done: number };
  #notedAt = 0;

  /** @param file that the starter has written. @param now epoch milliseconds. */
  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
    this.#begun = { step: "", at: now(), done: 0 };
    this.#status = readStatus({ name: "", pid: "", status: file, log: "" });
    this.#change({ status: "running" });
    this.#timer = setInterval(() => this.#change({}), HEARTBEAT_MS);
    this.#timer.unref();
  }

  readonly progress = ({ step, done, total }: NotedProgress): void => {
    const now = this.#now();
    const isNew = step !== this.#begun.step;
    if (isNew) this.#begun = { step, at: now, done };
    if (!isNew && now - this.#notedAt < NOTE_MS && done < total) return;
    this.#notedAt = now;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const rate = this.#rate(done);
    const eta = rate === null || total <= done ? null : Math.ceil((total - done) / rate);
    this.#change({ current_task: step, done, total, progress: Math.floor(share * 100), rate, eta });
  };

  end(exit: number, wasCancelled: boolean): void {
    clearInterval(this.#timer);
    const status = wasCancelled ? "cancelled" : (STATES[exit] ?? "failed");
    rmSync(this.#file.replace(/\.status$/, ".pid"), { force: true });
    this.#change({ status, exit_code: exit, rate: null, eta: null, ...(exit === 0 ? { progress: 100 } : {}) });
  }

  /** Of the present task as a whole, a second. */
  #rate(done: number): number | null {
    const made = done - this.#begun.done;
    const ms = this.#now() - this.#begun.at;
    return made <= 0 || ms <= 0 ? null : (made * 1000) / ms;
  }

  // The work is more important than telling of it: a full disk must not end it.
  #change(change: Partial<ProcessStatus>): void {
    if (this.#status === null) return;
    this.#status = { ...this.#status, ...change, last_update: this.#now() / 1000 };
    try {
      writeStatus({ status: this.#file }, this.#status);
    } catch {
      this.#notedAt = this.#now();
    }
  }
}
