import type { Config } from "../config/config.ts";
import type { ControlStore } from "../engine/control-store.ts";
import type { BeatJob } from "./beat.ts";
import { runChild } from "./child.ts";
import { startScheduler } from "./scheduler.ts";

export interface HourlyOptions {
  readonly config: Pick<Config, "enabled" | "scheduledAggregation" | "scheduledCaching" | "schedule">;
  readonly control: ControlStore;
  /** Of the commands. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly owner: string;
  readonly now: () => number;
  /** A name for each round of commands, for the log. */
  readonly newRun: () => string;
  readonly log: HourlyLog;
}

export interface HourlyLog {
  info(what: object, text: string): void;
  error(what: object, text: string): void;
}

const COUNT = ["aggregate"];
const WARM = ["cache", "generate", "--first-view"];

/**
 * Counting and the making of answers at their times, as far as each is switched on. What a count made unreachable is made anew at once
 * after it.
 * @returns a function that stops the schedule and waits for a command that runs; null where nothing is switched on.
 */
export function startHourly(options: HourlyOptions): (() => Promise<void>) | null {
  const jobs = jobsOf(options);
  if (jobs.length === 0) return null;
  const { control, config, now, owner, log } = options;
  return startScheduler({
    control,
    jobs,
    timeZone: config.schedule.timeZone,
    now,
    owner,
    failed: (err) => log.error({ err }, "the schedule cannot be kept; it is tried again"),
  });
}

function jobsOf(options: HourlyOptions): readonly BeatJob[] {
  const { enabled, scheduledAggregation, scheduledCaching, schedule } = options.config;
  if (!enabled) return [];
  const job = (name: string, timings: BeatJob["timings"], commands: readonly (readonly string[])[]): BeatJob => ({
    name,
    timings,
    run: (signal) => runAll(options, { name, commands, signal }),
  });
  return [
    ...(scheduledAggregation
      ? [job("aggregation", schedule.aggregation, [COUNT, ...(scheduledCaching ? [WARM] : [])])]
      : []),
    ...(scheduledCaching ? [job("caching", schedule.caching, [WARM])] : []),
  ];
}

interface Round {
  readonly name: string;
  readonly commands: readonly (readonly string[])[];
  readonly signal: AbortSignal;
}

/** Each command is run whatever became of the one before; one that another process does already ends with code 4. */
async function runAll(options: HourlyOptions, { name, commands, signal }: Round): Promise<void> {
  const { environment, now, newRun, log } = options;
  const run = newRun();
  for (const command of commands) {
    if (signal.aborted) return;
    const begun = now();
    const code = await runChild({ command, environment, signal });
    log.info({ run, job: name, command: command.join(" "), code, ms: now() - begun }, "scheduled command ended");
  }
}
