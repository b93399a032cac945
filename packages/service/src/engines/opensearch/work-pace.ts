/** Times of the queue that machines share. */
export interface WorkPace {
  /** A piece whose holder does not say for so long that it lives is given to another. */
  readonly lockMs: number;
  readonly lookMs: number;
  /** How often the run looks for what has ended. */
  readonly pollMs: number;
  /** Wait before the second try; each later one is twice as long. */
  readonly firstBackoffMs: number;
}

/** A day is counted without a break, and who counts says nothing meanwhile: two minutes are thirty million events. */
export const WORK_PACE: WorkPace = { lockMs: 120_000, lookMs: 15_000, pollMs: 100, firstBackoffMs: 1000 };
