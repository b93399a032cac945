import { setTimeout as wait } from "node:timers/promises";
import { type BeatOptions, nextDue, runDue } from "./beat.ts";

export interface SchedulerOptions extends Omit<BeatOptions, "signal"> {
  /** Told of what keeps the schedule from working; it is tried again. */
  readonly failed: (error: unknown) => void;
}

/** A machine that slept sees it by its clock so soon; so does a scheduler whose neighbour died. */
const LOOK_MS = 15_000;
const LEAST_MS = 50;

/**
 * Keeps a schedule until it is stopped.
 * @returns a function that stops it, and waits until what is running has ended.
 */
export function startScheduler(options: SchedulerOptions): () => Promise<void> {
  const stop = new AbortController();
  const ended = keep({ ...options, signal: stop.signal }, options.failed);
  return async () => {
    stop.abort();
    await ended;
  };
}

async function keep(options: BeatOptions, failed: (error: unknown) => void): Promise<void> {
  const { signal, now } = options;
  while (!signal.aborted) {
    let next: number | null = null;
    try {
      await runDue(options);
      next = await nextDue(options);
    } catch (error) {
      failed(error);
    }
    const ms = Math.max(LEAST_MS, Math.min(LOOK_MS, (next ?? Infinity) - now()));
    await wait(ms, undefined, { signal }).catch(() => undefined);
  }
}
