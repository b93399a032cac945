import { setTimeout as sleep } from "node:timers/promises";
import type { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { DoPiece, SharedWork, WorkHand, WorkRun, WorkStanding } from "../../engine/shared-work.ts";
import { RedisRun } from "./redis-run.ts";
import type { WorkPace } from "./work-pace.ts";

export interface RedisWorkOptions {
  readonly url: string;
  /** Start of all keys. */
  readonly prefix: string;
  readonly pace: WorkPace;
}

const QUEUE = "days";
/** So often may whoever holds a piece be gone before it is set aside: it may be the piece that ends them. */
const MOST_LOST_HOLDERS = 3;
/** Of one piece, for whatever reason; the places of numbers tell no more of them apart. */
const MOST_STARTS = 31;
const COMMAND_MS = 10_000;
const CLOSE_MS = 20_000;
const RETRY_MS = 1000;
const MOST_ASIDE = 100;

/** The shared queue as jobs of BullMQ. It is derived: what Redis forgets is handed out again. */
export class RedisWork implements SharedWork {
  readonly #options: RedisWorkOptions;

  constructor(options: RedisWorkOptions) {
    this.#options = options;
  }

  async open(): Promise<WorkRun> {
    const { queue, close } = await this.#queue();
    return await RedisRun.open(queue, this.#options.pace, close);
  }

  serve(work: DoPiece, trouble: (error: Error) => void): WorkHand {
    const started = this.#worker(work, trouble);
    return {
      close: async () => {
        const { worker, redis } = await started;
        // Without Redis it could never say that it has ended.
        const given = new AbortController();
        await Promise.race([
          worker.close(),
          sleep(CLOSE_MS, undefined, { signal: given.signal }).catch(() => undefined),
        ]);
        given.abort();
        redis.disconnect();
      },
    };
  }

  async standing(): Promise<WorkStanding> {
    const { queue, close } = await this.#queue();
    try {
      const counts = await queue.getJobCounts("wait", "active", "delayed");
      const aside = await queue.getFailed(0, MOST_ASIDE - 1);
      return {
        waiting: (counts["wait"] ?? 0) + (counts["delayed"] ?? 0),
        active: counts["active"] ?? 0,
        hands: await queue.getWorkersCount(),
        aside: aside.map(({ id, failedReason }) => ({ key: id ?? "", error: failedReason })),
      };
    } finally {
      await close();
    }
  }

  /** The library is loaded only where it is used. */
  async #queue(): Promise<{ readonly queue: Queue<string, string>; readonly close: () => Promise<void> }> {
    const { Queue: Jobs } = await import("bullmq");
    const redis = this.#redis({ maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS });
    const queue: Queue<string, string> = new Jobs(QUEUE, { connection: redis, prefix: this.#options.prefix });
    queue.on("error", ignored);
    const close = async () => {
      await queue.close().catch(ignored);
      redis.disconnect();
    };
    return { queue, close };
  }

  async #worker(
    work: DoPiece,
    trouble: (error: Error) => void,
  ): Promise<{ readonly worker: Worker<string, string>; readonly redis: Redis }> {
    const { Worker: Hand } = await import("bullmq");
    const { prefix, pace } = this.#options;
    const redis = this.#redis({ maxRetriesPerRequest: null });
    const worker: Worker<string, string> = new Hand(
      QUEUE,
      async ({ data, attemptsStarted }) => await work(data, attemptsStarted),
      {
        connection: redis,
        prefix,
        concurrency: 1,
        lockDuration: pace.lockMs,
        stalledInterval: pace.lookMs,
        maxStalledCount: MOST_LOST_HOLDERS,
        maxStartedAttempts: MOST_STARTS,
        runRetryDelay: RETRY_MS,
      },
    );
    worker.on("error", trouble);
    return { worker, redis };
  }

  #redis(options: { readonly maxRetriesPerRequest: number | null; readonly commandTimeout?: number }): Redis {
    const redis = new Redis(this.#options.url, { ...options, retryStrategy: (times) => Math.min(100 * times, 2000) });
    // A lost connection is told by the command that met it.
    redis.on("error", ignored);
    return redis;
  }
}

function ignored(): void {}
