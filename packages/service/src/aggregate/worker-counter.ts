import { Worker } from "node:worker_threads";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayCounter, DayResult } from "./day-counter.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

export interface WorkerCounterOptions extends WorkerStart {
  readonly entry: URL;
  readonly internSets: (texts: readonly string[]) => Promise<Int32Array>;
}

type Arrived = Exclude<FromWorker, { readonly kind: "sets" }>;

/** Counting works in arrays outside of the heap: little is born on it, and a thread needs no room for more. */
const YOUNG_MEGABYTES = 16;

/** A counter in a thread of its own, with its own way to the facts. */
export class WorkerDayCounter implements DayCounter {
  /** While the results of some days are written, the thread counts the next. */
  readonly atOnce = 2;
  readonly #worker: Worker;
  readonly #internSets: WorkerCounterOptions["internSets"];
  readonly #arrived: Arrived[] = [];
  #wake: () => void = () => undefined;
  /** The last `count` that was begun, until all its results are taken. */
  #taking: Promise<void> = Promise.resolve();

  constructor({ entry, spec, tables, internSets }: WorkerCounterOptions) {
    this.#internSets = internSets;
    const workerData: WorkerStart = { spec, tables };
    this.#worker = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
    this.#worker.on("message", (message: FromWorker) => this.#take(message));
    this.#worker.on("error", (error) => this.#break(error));
    this.#worker.on("exit", (code) => this.#break(new Error(`counting thread ended with code ${code}`)));
  }

  async *count(days: readonly DayNumber[]): AsyncIterable<DayResult> {
    const before = this.#taking;
    const taking = Promise.withResolvers<void>();
    this.#taking = taking.promise;
    this.#say({ kind: "count", days });
    try {
      await before;
      yield* this.#results(days);
    } finally {
      taking.resolve();
    }
  }

  /** A thread that breaks fails the days it still owed. */
  async *#results(days: readonly DayNumber[]): AsyncIterable<DayResult> {
    const left = new Set(days);
    for (;;) {
      const message = await this.#next();
      if (message.kind === "end") return;
      if (message.kind === "result") {
        left.delete(message.result.day);
        yield message.result;
      } else {
        // Stays there for whoever asks this thread for more.
        this.#arrived.unshift(message);
        for (const day of left) yield { kind: "failed", day, error: message.error };
        return;
      }
    }
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#worker.once("exit", () => resolve());
    });
    if (this.#worker.threadId === -1) return;
    this.#say({ kind: "stop" });
    await ended;
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message, []);
  }

  #take(message: FromWorker): void {
    if (message.kind === "sets") void this.#answer(message.texts);
    else this.#put(message);
  }

  async #answer(texts: readonly string[]): Promise<void> {
    try {
      this.#say({ kind: "codes", codes: await this.#internSets(texts) });
    } catch (error) {
      this.#break(error);
    }
  }

  #break(error: unknown): void {
    this.#put({ kind: "broken", error: error instanceof Error ? error.message : String(error) });
  }

  #put(message: Arrived): void {
    this.#arrived.push(message);
    this.#wake();
  }

  async #next(): Promise<Arrived> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
