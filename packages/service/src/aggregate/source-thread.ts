import { availableParallelism } from "node:os";
import { type MessagePort, Worker } from "node:worker_threads";
import { type Source, SourceValueReader, type SourceValues } from "./source-values.ts";
import type { ValuePlan } from "./value-columns.ts";

export interface SourceReadingStart {
  readonly plans: readonly ValuePlan[];
}
type Reply =
  | { readonly kind: "values"; readonly values: SourceValues }
  | { readonly kind: "failed"; readonly error: string };

const ENTRY = new URL("../source-values.worker.ts", import.meta.url);

/** Reads the values of sources, here or in a thread of its own. */
export interface SourceReading {
  /** Several may be under way; they are answered in their order. @throws Error where a source is no JSON. */
  read(sources: readonly Source[]): Promise<SourceValues>;
  close(): Promise<void>;
}

/** Below this many records a thread costs more than it saves. */
const FEW_RECORDS = 10_000;

/** In a thread where there are many records to read and a core for it; `workers` as in `AggregateOptions`. */
export function openSourceReading(
  plans: readonly ValuePlan[],
  { workers, records }: { readonly workers: number | null; readonly records: number },
): SourceReading {
  const isWorth = records >= FEW_RECORDS && (workers ?? availableParallelism()) > 1;
  return isWorth ? new ThreadSourceReading(plans) : new LocalSourceReading(plans);
}

export class LocalSourceReading implements SourceReading {
  readonly #reader: SourceValueReader;

  constructor(plans: readonly ValuePlan[]) {
    this.#reader = new SourceValueReader(plans);
  }

  read(sources: readonly Source[]): Promise<SourceValues> {
    return Promise.resolve(this.#reader.read(sources));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What is read of one source is gone with the next: a thread needs no room for more. */
const YOUNG_MEGABYTES = 16;

/** The thread is started by the first sources that come. */
export class ThreadSourceReading implements SourceReading {
  readonly #start: SourceReadingStart;
  readonly #asked: PromiseWithResolvers<SourceValues>[] = [];
  #worker: Worker | null = null;
  #broken: Error | null = null;

  constructor(plans: readonly ValuePlan[]) {
    this.#start = { plans };
  }

  async read(sources: readonly Source[]): Promise<SourceValues> {
    this.#worker ??= this.#started();
    if (this.#broken !== null) throw this.#broken;
    const answer = Promise.withResolvers<SourceValues>();
    this.#asked.push(answer);
    this.#worker.postMessage(sources, []);
    return await answer.promise;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    const worker = new Worker(ENTRY, {
      workerData: this.#start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    worker.on("message", (reply: Reply) => {
      const answer = this.#asked.shift();
      if (reply.kind === "values") answer?.resolve(reply.values);
      else answer?.reject(new Error(reply.error));
    });
    worker.on("error", (error) => this.#break(error));
    worker.on("exit", (code) => this.#break(new Error(`the thread that reads sources ended with code ${code}`)));
    return worker;
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const answer of this.#asked.splice(0)) answer.reject(this.#broken);
  }
}

/** The life of a reading thread: it reads what it is given until it is ended. */
export function readForParent(port: MessagePort, { plans }: SourceReadingStart): void {
  const reader = new SourceValueReader(plans);
  port.on("message", (sources: readonly Source[]) => {
    const reply = replyTo(reader, sources);
    port.postMessage(reply, reply.kind === "values" ? [reply.values.places.buffer as ArrayBuffer] : []);
  });
}

function replyTo(reader: SourceValueReader, sources: readonly Source[]): Reply {
  try {
    return { kind: "values", values: reader.read(sources) };
  } catch (error) {
    return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
  }
}
