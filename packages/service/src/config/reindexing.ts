import { z } from "zod";

/** How much the migration of events takes at once. */
export interface ReindexingLimits {
  readonly maxBatches: number;
  readonly batchSize: number;
  readonly maxMemoryPercent: number;
}

export const MOST_BATCHES = 1_000_000;
/** What OpenSearch gives in one page. */
export const MOST_BATCH_EVENTS = 10_000;

/** Rows of the table of variables. */
export const REINDEXING_VARIABLES = [
  {
    name: "STATS_DASHBOARD_REINDEXING_MAX_BATCHES",
    schema: z.number().int().min(1).max(MOST_BATCHES),
    default: 1000,
    meaning: "Most batches that one run of `usage-events migrate` copies of a month; the next run goes on.",
  },
  {
    name: "STATS_DASHBOARD_REINDEXING_BATCH_SIZE",
    schema: z.number().int().min(1).max(MOST_BATCH_EVENTS),
    default: 5000,
    meaning: "Events in a batch of `usage-events migrate`.",
  },
  {
    name: "STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT",
    schema: z.number().int().min(1).max(100),
    default: 85,
    meaning: "Memory of this machine in use, in percent, above which `usage-events migrate` pauses.",
  },
] as const;

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

export function reindexingLimits(read: Read): ReindexingLimits {
  const number = (name: string): number => read(name, z.number());
  return {
    maxBatches: number("STATS_DASHBOARD_REINDEXING_MAX_BATCHES"),
    batchSize: number("STATS_DASHBOARD_REINDEXING_BATCH_SIZE"),
    maxMemoryPercent: number("STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT"),
  };
}
