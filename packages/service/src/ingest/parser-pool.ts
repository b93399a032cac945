import { Worker } from "node:worker_threads";
import { EventMemory } from "./event-bytes.ts";
import type { LineBlock } from "./line-blocks.ts";
import { type ParsedBlock, parseBlock, type Taking } from "./parse-block.ts";
import { ReceivedDictionaries, type SentBlock } from "./sent-blocks.ts";
import type { ParseRequest } from "./parse.worker.ts";

/** Parses blocks here or in other threads; answers may be waited for in any order. */
export interface BlockParsing {
  parse(block: LineBlock, taking: Taking): Promise<ParsedBlock>;
  close(): Promise<void>;
}

/** Starting a thread takes as long as parsing a few megabytes. */
const BLOCKS_BEFORE_THREADS = 3;

const startWorker = (): Worker =>
  new Worker(new URL("./parse.worker.ts", import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 16 } });

/**
 * Small inputs are parsed here; from the fourth block on `threads` workers take over. What a worker had to do when it died fails, and
 * another takes its place.
 */
export function blockParsing(threads: number, start: () => Worker = startWorker): BlockParsing {
  let parsed = 0;
  let workers: readonly ParserThread[] = [];
  let memory = new EventMemory();
  const parseHere = (block: LineBlock, taking: Taking): ParsedBlock => {
    if (memory.isFull) memory = new EventMemory();
    return parseBlock(block, taking, memory);
  };
  return {
    parse: async (block, taking) => {
      if (parsed++ < BLOCKS_BEFORE_THREADS || threads === 0) return parseHere(block, taking);
      workers = workers.filter(({ hasEnded }) => !hasEnded);
      while (workers.length < threads) workers = [...workers, new ParserThread(start())];
      const [idlest] = workers.toSorted((a, b) => a.waitingBytes - b.waitingBytes);
      return idlest === undefined ? parseHere(block, taking) : await idlest.parse({ block, taking });
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

interface Waiting {
  readonly bytes: number;
  readonly resolve: (parsed: ParsedBlock) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker answers in the order in which it was asked. */
class ParserThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #dictionaries = new ReceivedDictionaries();
  #hasEnded = false;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#worker.on("message", (sent: SentBlock) => this.#waiting.shift()?.resolve(this.#dictionaries.complete(sent)));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the parser thread ended with code ${code}`)));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  parse(request: ParseRequest): Promise<ParsedBlock> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes: request.block.bytes.length, resolve, reject });
      this.#worker.postMessage(request, [request.block.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
