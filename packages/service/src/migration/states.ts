/** Where the migration of one month is. */
export const PHASES = [
  "planned",
  "running",
  "paused",
  "verifying",
  "broken",
  "cut-over",
  "draining",
  "verified",
  "retired",
] as const;
export type Phase = (typeof PHASES)[number];

/** What brings a month from one phase to another. */
export type Step =
  /** A run takes the month up. */
  | "begin"
  /** Unhealthy, limit reached, cancelled, an error: nothing is taken for finished. */
  | "pause"
  /** Every source is copied up to the end that it had. */
  | "copied"
  | "differs"
  | "clean"
  /** Readers see the enriched index, and only it. */
  | "switched"
  /** Nothing came any more, and everything is compared. */
  | "drained"
  /** Events arrived in a source after it was verified. */
  | "arrived"
  | "retire";

/**
 * Which steps are allowed where. A run that died leaves its phase as it was; `begin` then takes up the work before the next verification,
 * because no alias may move and no index may go without one of this very state.
 */
const TABLE: Readonly<Record<Phase, Readonly<Partial<Record<Step, Phase>>>>> = {
  planned: { begin: "running" },
  running: { begin: "running", pause: "paused", copied: "verifying" },
  paused: { begin: "running", pause: "paused" },
  verifying: { begin: "running", pause: "paused", differs: "broken", clean: "cut-over", drained: "verified" },
  broken: { begin: "running", pause: "paused" },
  "cut-over": { begin: "running", pause: "paused", switched: "draining" },
  draining: { begin: "running", pause: "paused", copied: "verifying", drained: "verified" },
  verified: { begin: "running", arrived: "draining", retire: "retired" },
  retired: { begin: "running", retire: "retired" },
};

/** @throws Error for a step that the table does not allow: a mistake of ours, before anything is changed. */
export function nextPhase(phase: Phase, step: Step): Phase {
  const next = TABLE[phase][step];
  if (next === undefined) throw new Error(`a month that is ${phase} cannot go on by "${step}"`);
  return next;
}

/** What is kept of the migration of one month. */
export interface MonthState {
  readonly phase: Phase;
  /** Why it is paused or broken. */
  readonly reason: string | null;
  /** The index of enriched events. */
  readonly target: string;
  readonly configuration: string;
  /** Up to which number each shard of a source is copied: by "index uuid shard". */
  readonly cursors: Readonly<Record<string, number>>;
  /** Events copied in this version so far, late ones and repairs too. */
  readonly copied: number;
  /** Sources that refuse writes for us, while they are compared for the last time. */
  readonly blocked: readonly string[];
  /** What the sources and the target were when everything was last compared; null before. */
  readonly verified: string | null;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** Of a version that nobody has begun: that of a month never migrated, or the next one after a change of the breakdowns. */
export function freshState(target: string, configuration: string, now: number): MonthState {
  return {
    phase: "planned",
    reason: null,
    target,
    configuration,
    cursors: {},
    copied: 0,
    blocked: [],
    verified: null,
    updatedAt: now,
  };
}
