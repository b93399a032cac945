import type { Config } from "../config/config.ts";
import type { ControlStore } from "../engine/control-store.ts";
import type { BeatJob } from "./beat.ts";
import { runChild } from "./child.ts";
import { startScheduler } from "./scheduler.ts";

type ScheduledConfig = Pick<
  Config,
  "enabled" | "engine" | "scheduledAggregation" | "scheduledCaching" | "scheduledPublishing" | "schedule"
>;

export interface HourlyOptions {
  readonly config: ScheduledConfig;
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
const PUBLISH = ["publish"];
/** Does nothing before somebody has migrated. */
const KEEP_UP = ["usage-events", "migrate", "--keep-up"];

/**
 * Counting, the making of answers and the enriching of events at their times, as far as each is switched on. What a count made unreachable is made anew at once
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
  return scheduledRounds(options.config).map(({ name, timings, commands }) => ({
    name,
    timings,
    run: (signal) => runAll(options, { name, commands, signal }),
  }));
}

export interface ScheduledRound extends Pick<BeatJob, "name" | "timings"> {
  /** One after the other. */
  readonly commands: readonly (readonly string[])[];
}

/** What is done when, as far as it is switched on. Events that the repository wrote are enriched at the times of counting. */
export function scheduledRounds(config: ScheduledConfig): readonly ScheduledRound[] {
  const { enabled, engine, scheduledAggregation, scheduledCaching, scheduledPublishing, schedule } = config;
  if (!enabled) return [];
  const count = {
    name: "aggregation",
    timings: schedule.aggregation,
    commands: [
      COUNT,
      ...(scheduledCaching ? [WARM] : []),
      ...(engine === "opensearch" && scheduledPublishing ? [PUBLISH] : []),
    ],
  };
  const keepUp = { name: "events", timings: schedule.aggregation, commands: [KEEP_UP] };
  const warm = { name: "caching", timings: schedule.caching, commands: [WARM] };
  return [
    ...(scheduledAggregation ? [count] : []),
    ...(engine === "opensearch" ? [keepUp] : []),
    ...(scheduledCaching ? [warm] : []),
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
