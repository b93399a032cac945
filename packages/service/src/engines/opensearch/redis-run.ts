import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Queue } from "bullmq";
import type { WorkOutcome, WorkPiece, WorkRun } from "../../engine/shared-work.ts";
import type { WorkPace } from "./work-pace.ts";

const JOB = "days";
const ATTEMPTS = 5;
const MOST_AT_ONCE = 200;
const MOST_LEFT_OVER = 1_000_000;
/** How often the run looks whether all its pieces are there still. */
const LOST_LOOK_MS = 5000;

/** The pieces of one run. The queue is asked what has ended: an answer that is lost is asked for again. */
export class RedisRun implements WorkRun {
  readonly #queue: Queue<string, string>;
  readonly #pace: WorkPace;
  readonly #close: () => Promise<void>;
  readonly #left = new Set<string>();
  #lookedAt = performance.now();

  private constructor(queue: Queue<string, string>, pace: WorkPace, close: () => Promise<void>) {
    this.#queue = queue;
    this.#pace = pace;
    this.#close = close;
  }

  static async open(queue: Queue<string, string>, pace: WorkPace, close: () => Promise<void>): Promise<RedisRun> {
    try {
      await queue.drain(true);
      await queue.clean(0, MOST_LEFT_OVER, "completed");
      await queue.clean(0, MOST_LEFT_OVER, "failed");
      return new RedisRun(queue, pace, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** What cannot be handed out now shows as lost. */
  async add(pieces: readonly WorkPiece[]): Promise<void> {
    for (const { key } of pieces) this.#left.add(key);
    const backoff = { type: "exponential", delay: this.#pace.firstBackoffMs };
    const jobs = pieces.map(({ key, data }) => ({
      name: JOB,
      data,
      opts: { jobId: key, attempts: ATTEMPTS, backoff, removeOnComplete: false, removeOnFail: false },
    }));
    await this.#unlessAway([], async () => await this.#queue.addBulk(jobs));
  }

  async ended(): Promise<readonly WorkOutcome[]> {
    await sleep(this.#pace.pollMs);
    return await this.#unlessAway([], async () => {
      const outcomes = [...(await this.#done()), ...(await this.#aside())];
      for (const { key } of outcomes) this.#left.delete(key);
      return outcomes.length > 0 ? outcomes : await this.#lost();
    });
  }

  async close(): Promise<void> {
    await this.#unlessAway(undefined, async () => await this.#queue.drain(true));
    await this.#close();
  }

  async #done(): Promise<readonly WorkOutcome[]> {
    const jobs = await this.#queue.getCompleted(0, MOST_AT_ONCE - 1);
    for (const job of jobs) await job.remove();
    return this.#own(jobs, (job, key) => ({ kind: "done", key, result: job.returnvalue }));
  }

  /** They stay in the queue for whoever wants to look at them, until the next run tries their days again. */
  async #aside(): Promise<readonly WorkOutcome[]> {
    const jobs = await this.#queue.getFailed(0, MOST_AT_ONCE - 1);
    return this.#own(jobs, (job, key) => ({ kind: "aside", key, error: job.failedReason }));
  }

  async #lost(): Promise<readonly WorkOutcome[]> {
    if (performance.now() - this.#lookedAt < LOST_LOOK_MS) return [];
    this.#lookedAt = performance.now();
    const outcomes: WorkOutcome[] = [];
    for (const key of this.#left) {
      if ((await this.#queue.getJob(key)) === undefined) outcomes.push({ kind: "lost", key });
    }
    for (const { key } of outcomes) this.#left.delete(key);
    return outcomes;
  }

  #own(
    jobs: readonly Job<string, string>[],
    outcome: (job: Job<string, string>, key: string) => WorkOutcome,
  ): readonly WorkOutcome[] {
    return jobs.flatMap((job) => (job.id !== undefined && this.#left.has(job.id) ? [outcome(job, job.id)] : []));
  }

  /** Without Redis nothing ends and nothing is lost: it is asked again. */
  async #unlessAway<T>(nothing: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch {
      return nothing;
    }
  }
}
