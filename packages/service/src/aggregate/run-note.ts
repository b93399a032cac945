import type { RunProgress } from "@community-stats/contract/page.ts";
import type { Engine } from "../engine/engine.ts";
import type { Lease } from "../engine/control-store.ts";
import { AGGREGATION_JOB } from "../engine/job-runs.ts";
import { HeldLease } from "../engine/held-lease.ts";

const NOTE_EVERY_MS = 1_000;

export interface RunNoteOptions {
  readonly owner: string;
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
  readonly leaseTtlMs: number;
  readonly firstRun: boolean;
  readonly progress: ((progress: RunProgress) => void) | undefined;
}

/** The run as others see it: keeps the lease, shows that it lives and how far it is, and knows when it has to stop. */
export class RunNote {
  readonly #engine: Engine;
  readonly #lease: HeldLease;
  readonly #options: RunNoteOptions;
  readonly #id: number;
  readonly #timer: NodeJS.Timeout;
  #progress: RunProgress;
  #notedAt: number;
  #isWritten = true;
  #renewing: Promise<void> = Promise.resolve();
  #subject = "";
  #pending: Promise<void> = Promise.resolve();

  private constructor(engine: Engine, held: { readonly lease: Lease; readonly id: number }, options: RunNoteOptions) {
    this.#engine = engine;
    this.#id = held.id;
    this.#options = options;
    this.#notedAt = options.now();
    this.#lease = new HeldLease({ lease: held.lease, ttlMs: options.leaseTtlMs, now: options.now });
    const startedAt = new Date(this.#notedAt).toISOString();
    this.#progress = { startedAt, firstRun: options.firstRun, step: "starting", done: 0, total: 0, countedTo: null };
    this.#timer = setInterval(() => this.#beat(), options.leaseTtlMs / 4);
    this.#timer.unref();
  }

  static async open(engine: Engine, lease: Lease, options: RunNoteOptions): Promise<RunNote> {
    const id = await engine.control.startRun(AGGREGATION_JOB, options.owner, options.now());
    return new RunNote(engine, { lease, id }, options);
  }

  /** False when the run was told to stop, or another may hold the lease. */
  readonly mayGoOn = (): boolean => this.#isWritten && !this.#lease.isLost && this.#options.signal?.aborted !== true;

  step(step: string, total = 0): void {
    this.#show({ step: this.#subject === "" ? step : `${step} of ${this.#subject}`, done: 0, total });
  }

  /** What the following steps are about; "" for all numbers. */
  about(subject: string): void {
    this.#subject = subject;
  }

  done(done: number, total: number): void {
    this.#show({ done, total });
  }

  countedTo(day: string | null): void {
    this.#show({ countedTo: day });
  }

  async end(state: "done" | "partial" | "failed" | "interrupted", detail: object): Promise<void> {
    clearInterval(this.#timer);
    await this.#pending;
    await this.#renewing;
    await this.#engine.control.endRun(this.#id, state, JSON.stringify(detail), this.#options.now());
  }

  #show(change: Partial<RunProgress>): void {
    const isNewStep = change.step !== undefined;
    this.#progress = { ...this.#progress, ...change };
    this.#options.progress?.(this.#progress);
    const now = this.#options.now();
    if (!isNewStep && now - this.#notedAt < NOTE_EVERY_MS) return;
    this.#notedAt = now;
    this.#after(() => this.#engine.control.updateRun(this.#id, JSON.stringify(this.#progress), now));
  }

  #beat(): void {
    // Apart from the notes: these may wait for long, and the lease must not run out meanwhile.
    this.#renewing = this.#renewing.then(() => this.#lease.renew());
    this.#after(() => this.#engine.control.updateRun(this.#id, JSON.stringify(this.#progress), this.#options.now()));
  }

  // One write at a time; when the control store cannot be written for long, numbers cannot either: stop.
  #after(write: () => Promise<void>): void {
    this.#pending = this.#pending.then(write).catch(() => {
      this.#isWritten = false;
    });
  }
}
