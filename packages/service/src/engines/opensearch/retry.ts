import { setTimeout as sleep } from "node:timers/promises";

/** How long a failing request is repeated. */
export interface RetryPolicy {
  /** Wait before the first repetition; each later one is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Time spent waiting after which the failure is final. */
  readonly totalMs: number;
}

export const PATIENT: RetryPolicy = { firstMs: 100, longestMs: 10_000, totalMs: 120_000 };

/** For the first request of a process: who has mistyped an address learns it soon. */
export const FIRST_CONTACT: RetryPolicy = { firstMs: 250, longestMs: 2000, totalMs: 8000 };

/** Overloaded, not there yet, or between two nodes: answers that another try can change. No answer says when. */
const PASSING = new Set([429, 502, 503, 504]);

/** Writing is forbidden, until somebody allows it again. */
const BLOCKED = "cluster_block_exception";

/** What a request that did not succeed tells: an HTTP status, or null where there was no answer; and the kind of error. */
export function isPassing(status: number | null, kind: string | null = null): boolean {
  return status === null || PASSING.has(status) || kind === BLOCKED;
}

/** The waits of a policy, one after the other, until its time is used up. */
export function* waits({ firstMs, longestMs, totalMs }: RetryPolicy): Generator<number> {
  let spent = 0;
  for (let wait = firstMs; spent + wait <= totalMs; wait = Math.min(2 * wait, longestMs)) {
    spent += wait;
    yield wait;
  }
}

/**
 * Does the work until it succeeds, fails for good, or the policy has run out.
 * @param isPassingFailure tells whether the same work can succeed later.
 */
export async function repeated<T>(
  policy: RetryPolicy,
  isPassingFailure: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (const wait of waits(policy)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassingFailure(error)) throw error;
      await sleep(wait);
    }
  }
  return await work();
}
