import { z } from "zod";
import { type Beat, beatSchema, isCachingEntry, timeZoneSchema, type Timing, timingsOf } from "./timing.ts";

/** When which job runs. An empty list: never of itself. */
export interface ScheduleSettings {
  readonly timeZone: string;
  readonly aggregation: readonly Timing[];
  readonly caching: readonly Timing[];
}

/** How two runs of a job are kept apart. */
export interface LockSettings {
  /** False: a run does not give up because another one works; counting waits for it, making answers goes on beside it. */
  readonly enabled: boolean;
  /** A run that takes longer stops as if interrupted, and the next one goes on. */
  readonly seconds: number;
  readonly name: string;
}

const AGGREGATION_BEAT = {
  "stats-aggregate-community-record-stats": {
    task: "invenio_stats_dashboard.tasks.aggregate_community_record_stats",
    schedule: "40 * * * *",
  },
};
const CACHING_BEAT = {
  "stats-cache-hourly-generation": {
    task: "invenio_stats_dashboard.tasks.generate_hourly_cache_task",
    schedule: "50 * * * *",
  },
};

/** The longest, 23 days, is what a timer can wait; a run that takes longer is stuck. */
const lock = z.looseObject({
  enabled: z.boolean(),
  lock_timeout: z.number().int().min(60).max(2_000_000),
  lock_name: z.string().regex(/^[\w.:-]{1,100}$/, "a lock's name is letters, digits, and . _ : -"),
});
const locks = z.looseObject({ enabled: z.boolean(), aggregation: lock, response_caching: lock });

/** Rows of the table of variables. */
export const OPERATION_VARIABLES = [
  {
    name: "COMMUNITY_STATS_SCHEDULED_TASKS_ENABLED",
    schema: z.boolean().nullable(),
    default: null,
    meaning: "Older name of the two switches above, for where these are not set.",
  },
  {
    name: "COMMUNITY_STATS_CELERYBEAT_AGG_SCHEDULE",
    schema: beatSchema,
    default: AGGREGATION_BEAT,
    meaning:
      "When the hourly aggregation begins: entries by name, each with a schedule: crontab() or five cron fields, a map of minute, hour, day_of_week, day_of_month, month_of_year, or seconds.",
  },
  {
    name: "COMMUNITY_STATS_CELERYBEAT_CACHE_SCHEDULE",
    schema: beatSchema,
    default: CACHING_BEAT,
    meaning: "When the hourly making of answers begins, likewise; after an aggregation it runs at once.",
  },
  {
    name: "COMMUNITY_STATS_CELERYBEAT_SCHEDULE",
    schema: beatSchema.nullable(),
    default: null,
    meaning:
      "Older name of the two schedules, for where these are not set; entries with cach in their name or task make answers.",
  },
  {
    name: "COMMUNITY_STATS_TIMEZONE",
    schema: timeZoneSchema,
    default: "UTC",
    meaning: "Time zone of the schedules. Days are always counted in UTC.",
  },
  {
    name: "COMMUNITY_STATS_METRICS",
    schema: z.boolean(),
    default: false,
    meaning: "Metrics for Prometheus at /metrics: sums of the whole installation, no community by name.",
  },
  {
    name: "COMMUNITY_STATS_ENVIRONMENT",
    schema: z.enum(["production", "development"]),
    default: "production",
    meaning:
      "Where this installation stands; generated numbers (STATS_DASHBOARD_USE_TEST_DATA) are refused in production.",
  },
  {
    name: "STATS_DASHBOARD_LOCK_CONFIG",
    schema: locks,
    default: {
      enabled: true,
      aggregation: { enabled: true, lock_timeout: 86_400, lock_name: "community_stats_aggregation" },
      response_caching: { enabled: true, lock_timeout: 3600, lock_name: "community_stats_cache_generation" },
    },
    merge: "deep" as const,
    meaning:
      "How two runs of one job are kept apart. A lock is renewed while its holder works and free within a minute of its death; a run stops after lock_timeout seconds and goes on next time. enabled off: counting waits for the other run, instead of giving up; making answers goes on beside it.",
  },
];

export type ReadVariable = <T>(name: string, schema: z.ZodType<T>) => T;

/** @param isSet whether any source gives the variable. */
export function scheduleSettings(read: ReadVariable, isSet: (name: string) => boolean): ScheduleSettings {
  const joint = read("COMMUNITY_STATS_CELERYBEAT_SCHEDULE", beatSchema.nullable());
  const chosen = (name: string, isMine: (entry: string, value: Beat[string]) => boolean) => {
    const own = read(name, beatSchema);
    if (joint === null || isSet(name)) return timingsOf(own);
    return timingsOf(Object.fromEntries(Object.entries(joint).filter(([entry, value]) => isMine(entry, value))));
  };
  return {
    timeZone: read("COMMUNITY_STATS_TIMEZONE", timeZoneSchema),
    aggregation: chosen("COMMUNITY_STATS_CELERYBEAT_AGG_SCHEDULE", (name, entry) => !isCachingEntry(name, entry)),
    caching: chosen("COMMUNITY_STATS_CELERYBEAT_CACHE_SCHEDULE", isCachingEntry),
  };
}

/** A switch of its own name, or that of the older joint one where it is not set. */
export function scheduledSwitch(read: ReadVariable, isSet: (name: string) => boolean, name: string): boolean {
  const joint = read("COMMUNITY_STATS_SCHEDULED_TASKS_ENABLED", z.boolean().nullable());
  const own = read(name, z.boolean());
  return joint === null || isSet(name) ? own : joint;
}

export function lockSettings(read: ReadVariable): Readonly<Record<"aggregation" | "caching", LockSettings>> {
  const value = read("STATS_DASHBOARD_LOCK_CONFIG", locks);
  const settings = ({ enabled, lock_timeout, lock_name }: z.infer<typeof lock>): LockSettings => ({
    enabled: value.enabled && enabled,
    seconds: lock_timeout,
    name: lock_name,
  });
  return { aggregation: settings(value.aggregation), caching: settings(value.response_caching) };
}
