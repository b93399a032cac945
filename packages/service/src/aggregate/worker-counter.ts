import { Worker } from "node:worker_threads";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayCounter, DayResult } from "./day-counter.ts";
import type { CountingTables } from "./usage-dims.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

export interface WorkerCounterOptions extends WorkerStart {
  readonly entry: URL;
  readonly internSets: (texts: readonly string[]) => Promise<Int32Array>;
}

/** Counting works in arrays outside of the heap: little is born on it, and a thread needs no room for more. */
const YOUNG_MEGABYTES = 16;

/** A counter in a thread of its own, with its own way to the facts. */
export class WorkerDayCounter implements DayCounter {
  readonly #worker: Worker;
  readonly #internSets: WorkerCounterOptions["internSets"];
  readonly #arrived: FromWorker[] = [];
  #wake: () => void = () => undefined;

  constructor({ entry, spec, tables, internSets }: WorkerCounterOptions) {
    this.#internSets = internSets;
    const workerData: WorkerStart = { spec, tables };
    this.#worker = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
    this.#worker.on("message", (message: FromWorker) => this.#take(message));
    this.#worker.on("error", (error) => this.#take({ kind: "broken", error: error.message }));
    this.#worker.on("exit", (code) => this.#take({ kind: "broken", error: `counting thread ended with code ${code}` }));
  }

  renew(tables: CountingTables): void {
    this.#say({ kind: "tables", tables });
  }

  /** A thread that breaks fails the days it still owed. */
  async *count(days: readonly DayNumber[]): AsyncIterable<DayResult> {
    const left = new Set(days);
    this.#say({ kind: "count", days });
    for (;;) {
      const message = await this.#next();
      if (message.kind === "end") return;
      if (message.kind === "result") {
        left.delete(message.result.day);
        yield message.result;
      } else if (message.kind === "sets") this.#say({ kind: "codes", codes: await this.#internSets(message.texts) });
      else {
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
    this.#arrived.push(message);
    this.#wake();
  }

  async #next(): Promise<FromWorker> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
