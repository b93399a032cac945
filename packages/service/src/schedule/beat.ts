import type { Timing } from "../config/timing.ts";
import type { ControlStore } from "../engine/control-store.ts";
import { nextBeginning } from "./due.ts";

/** Something that is done at its times. */
export interface BeatJob {
  readonly name: string;
  readonly timings: readonly Timing[];
  /** Resolves when it has ended, however it ended. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface BeatOptions {
  readonly control: ControlStore;
  readonly jobs: readonly BeatJob[];
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** "host:pid". */
  readonly owner: string;
  readonly signal: AbortSignal;
}

/** A claim is a few writes: whoever has not finished it by then is dead. */
const CLAIM_MS = 10_000;
/** By so much the clocks of machines that share a schedule may differ. What began later than that was told by a clock that was wrong. */
const CLOCKS_APART_MS = 300_000;

/**
 * Runs what is due, one job after the other. When a job last began is kept with the numbers, so that any number of schedulers share
 * it: each time is taken by one of them, and times that passed while none was there are made up for once.
 */
export async function runDue(options: BeatOptions): Promise<void> {
  for (const job of options.jobs) {
    if (options.signal.aborted) return;
    if (await claim(options, job)) await job.run(options.signal);
  }
}

/** When the next of the jobs is due, as far as this scheduler knows; null where nothing ever is. */
export async function nextDue({ control, jobs, timeZone, now }: BeatOptions): Promise<number | null> {
  const due: number[] = [];
  for (const { name, timings } of jobs) {
    const next = nextBeginning(timings, (await credibleBeginning(control, name, now())) ?? now(), timeZone);
    if (next !== null) due.push(next);
  }
  return due.length === 0 ? null : Math.min(...due);
}

async function claim({ control, timeZone, now, owner }: BeatOptions, { name, timings }: BeatJob): Promise<boolean> {
  if (!(await isDue(control, { name, timings, timeZone, at: now() }))) return false;
  const lease = await control.acquire(`schedule:${name}`, owner, CLAIM_MS, now());
  if (lease === null) return false;
  try {
    const at = now();
    if (!(await isDue(control, { name, timings, timeZone, at }))) return false;
    await control.setSetting(settingOf(name), String(at));
    return true;
  } finally {
    await lease.release();
  }
}

interface DueQuestion {
  readonly name: string;
  readonly timings: readonly Timing[];
  readonly timeZone: string;
  readonly at: number;
}

/** A job that never began waits for its next time, and counts from now on; so does one that began after the present. */
async function isDue(control: ControlStore, { name, timings, timeZone, at }: DueQuestion): Promise<boolean> {
  const last = await credibleBeginning(control, name, at);
  if (last === null) await control.setSetting(settingOf(name), String(at));
  const next = nextBeginning(timings, last ?? at, timeZone);
  return next !== null && next <= at;
}

async function credibleBeginning(control: ControlStore, name: string, at: number): Promise<number | null> {
  const last = await lastBegun(control, name);
  return last !== null && last - at <= CLOCKS_APART_MS ? last : null;
}

function settingOf(name: string): string {
  return `schedule:${name}`;
}

/** Epoch milliseconds; null before the first time. */
export async function lastBegun(control: ControlStore, name: string): Promise<number | null> {
  const text = await control.setting(settingOf(name));
  const at = text === null ? Number.NaN : Number(text);
  return Number.isFinite(at) ? at : null;
}
